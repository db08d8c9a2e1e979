import Inference
import JSON

/// A text in pieces of that many characters.
func pieces(of text: String, size: Int) -> [String] {
    var rest = Substring(text), pieces: [String] = []
    while !rest.isEmpty {
        pieces.append(String(rest.prefix(size)))
        rest = rest.dropFirst(size)
    }
    return pieces
}

/// A call put together from a stream as clients do it.
struct StreamedCall: Equatable {
    var name: String
    var arguments = ""
}

/// The calls in a stream's chunks; a call that is opened twice, or not first, is missing its name.
func streamedCalls(_ reply: Reply) -> [StreamedCall] {
    var calls: [StreamedCall] = []
    for chunk in reply.chunks {
        for call in chunk["choices"]?[0]?["delta"]?["tool_calls"]?.array ?? [] {
            guard let index = call["index"]?.integer else { continue }
            if call["id"] != nil {
                guard index == calls.count, call["type"] == "function" else { return [] }
                calls.append(StreamedCall(name: call["function"]?["name"]?.string ?? ""))
            }
            guard calls.indices.contains(index) else { return [] }
            calls[index].arguments += call["function"]?["arguments"]?.string ?? ""
        }
    }
    return calls
}

/// Whether a constraint lets a text be written in the test tokenizer's tokens, and lets it end there.
func allows(_ constraint: any TokenConstraint, _ text: String) -> Bool {
    var matcher = constraint.makeMatcher()
    for token in Fixtures.tokenizer.encode(text) + [257] {
        var mask = TokenMask(count: Fixtures.model.vocabularySize, allowingAll: true)
        matcher.apply(to: &mask)
        guard mask[Int(token)] else { return false }
        matcher.accept(token)
    }
    return true
}

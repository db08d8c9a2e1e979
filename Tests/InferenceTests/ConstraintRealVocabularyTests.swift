import Foundation
import Inference
import JSON
import Testing
import Tokenization

/// A real vocabulary of 49,152 tokens, which lacks some bytes and has many that cross the borders of JSON's parts.
@Suite struct ConstraintRealVocabularyTests {
    private static let model: URL = {
        let environment = ProcessInfo.processInfo.environment["ANNIE_CACHE"]
        let cache =
            environment.map { URL(filePath: $0) }
            ?? FileManager.default.homeDirectoryForCurrentUser.appending(path: ".cache/annie")
        return cache.appending(path: "models/smollm2-135m")
    }()

    private static var isThere: Bool {
        FileManager.default.fileExists(atPath: model.appending(path: "tokenizer.json").path)
    }

    @Test(.enabled(if: isThere, "SmolLM2's tokenizer is not in the cache"))
    func repliesInSmolLMsTokensAreValid() throws {
        let tokenizer = try Tokenizer(contentsOf: Self.model)
        let end = try #require(tokenizer.id(of: "<|im_end|>"))
        let compiler = ConstraintCompiler(tokenizer, endTokens: [end])
        for text in ConstraintSchemaTests.schemas.filter({ !$0.contains("ab+c") }).prefix(20) {
            let schema = try JSONValue(parsing: text)
            let constraint = try compiler.constraint(for: .jsonSchema(schema))
            var random = RandomSource(seed: 11)
            var matcher = constraint.makeMatcher()
            var ids: [Int32] = []
            for step in 0..<1000 {
                var mask = TokenMask(count: tokenizer.vocabularySize, allowingAll: true)
                matcher.apply(to: &mask)
                let allowed = Self.tokens(of: mask)
                #expect(!allowed.isEmpty && allowed.allSatisfy { $0 == end || !tokenizer.isSpecial($0) })
                if mask[Int(end)], step > 20 || matcher.isComplete { break }
                var next = allowed.filter { $0 != end }.randomElement(using: &random) ?? end
                let closers = ["\"", "}", "]", ",", ":", "0"].compactMap { tokenizer.id(of: $0) }
                if step > 20, step % 4 != 0, let closer = closers.first(where: { mask[Int($0)] }) { next = closer }
                if next == end { break }
                ids.append(next)
                matcher.accept(next)
            }
            let reply = tokenizer.decode(ids)
            let value = try JSONValue(parsing: reply)
            #expect(ConstraintSchemaValidator(root: schema).accepts(value), "\(text): \(reply)")
        }
    }

    private static func tokens(of mask: TokenMask) -> [Int32] {
        var tokens: [Int32] = []
        for (index, word) in mask.words.enumerated() {
            var rest = word
            while rest != 0 {
                tokens.append(Int32(index * 64 + rest.trailingZeroBitCount))
                rest &= rest - 1
            }
        }
        return tokens.filter { $0 < mask.count }
    }
}

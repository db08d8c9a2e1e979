/// Moonshine's decoder: from what was heard to tokens, the likeliest one at a time.
///
/// A draft makes it quick: the tokens of an earlier decoding of the same, shorter speech are judged in one run, and only
/// from the first wrong one on are they found one by one.
struct MoonshineDecoder {
    private let session: OnnxSession
    private let roles: [Role]
    private let logitsIndex: Int
    /// For each input that carries memory, the output that renews it.
    private let renewals: [(input: Int, output: Int, isDecoder: Bool)]
    private let emptyShape: [Int]

    private enum Role { case mask, tokens, hidden, flag, memory }

    init(_ session: OnnxSession) throws(SpeechError) {
        try session.require(
            inputs: ["encoder_attention_mask", "input_ids", "encoder_hidden_states", "use_cache_branch"],
            outputs: ["logits"], part: .recognizer)
        self.session = session
        roles = session.inputNames.map { name in
            switch name {
            case "encoder_attention_mask": .mask
            case "input_ids": .tokens
            case "encoder_hidden_states": .hidden
            case "use_cache_branch": .flag
            default: .memory
            }
        }
        logitsIndex = session.outputNames.firstIndex(of: "logits") ?? 0
        renewals = session.inputNames.enumerated().compactMap { index, name in
            let renewed = name.replacing("past_key_values", with: "present")
            guard name.hasPrefix("past_key_values"), let output = session.outputNames.firstIndex(of: renewed)
            else { return nil }
            return (index, output, name.contains(".decoder."))
        }
        guard renewals.count == roles.count(where: { $0 == .memory }), !renewals.isEmpty else {
            throw .unusablePart(.recognizer, reason: "its decoder's inputs and outputs do not match")
        }
        // Batch, heads, tokens so far, size of a head.
        emptyShape = [1, 8, 0, 36]
    }

    /// The tokens of an encoded stretch of speech, without start and end.
    ///
    /// - Parameters:
    ///   - hidden: `[1, frames, width]`.
    ///   - mask: `[1, samples]`, all ones.
    func decode(
        _ hidden: Tensor, mask: Tensor, draft: [Int64], limit: Int, _ isCancelled: () -> Bool
    ) throws(SpeechError) -> [Int64] {
        let draft = Array(draft.prefix(limit))
        var memory = [Tensor?](repeating: nil, count: roles.count)
        for renewal in renewals {
            memory[renewal.input] = try Tensor(EmptyCollection<Float>(), shape: emptyShape, of: session.runtime)
        }
        var outputs = try run([MoonshineVocabulary.start] + draft, hidden, mask, memory, isFirst: true)
        let likeliest = try Self.likeliest(outputs[logitsIndex])
        let agreed = zip(draft, likeliest).prefix { $0 == $1 }.count
        var tokens = Array(draft.prefix(agreed))
        var next = likeliest[agreed]
        for renewal in renewals {
            let renewed = outputs[renewal.output]
            memory[renewal.input] =
                renewal.isDecoder && agreed < draft.count
                ? try Self.shortened(renewed, to: agreed + 1, session) : renewed
        }
        while next != MoonshineVocabulary.end, tokens.count < limit, !isCancelled() {
            tokens.append(next)
            outputs = try run([next], hidden, mask, memory, isFirst: false)
            for renewal in renewals where renewal.isDecoder { memory[renewal.input] = outputs[renewal.output] }
            next = try Self.likeliest(outputs[logitsIndex])[0]
        }
        return tokens
    }

    private func run(
        _ tokens: [Int64], _ hidden: Tensor, _ mask: Tensor, _ memory: [Tensor?], isFirst: Bool
    ) throws(SpeechError) -> [Tensor] {
        let ids = try Tensor(tokens, shape: [1, tokens.count], of: session.runtime)
        let flag = try Tensor(!isFirst, of: session.runtime)
        return try session.run(
            zip(roles, memory).map { role, memory in
                switch role {
                case .mask: mask
                case .tokens: ids
                case .hidden: hidden
                case .flag: flag
                case .memory: memory ?? ids
                }
            })
    }

    /// The likeliest token at each place of logits `[1, places, tokens]`.
    private static func likeliest(_ logits: Tensor) throws(SpeechError) -> [Int64] {
        try logits.withFloats { (floats, shape) throws(SpeechError) in
            guard shape.count == 3, shape[1] > 0, shape[2] > 0 else { throw .failed("the decoder gave no logits") }
            return (0..<shape[1]).map { place in
                let row = floats[place * shape[2]..<(place + 1) * shape[2]]
                var (best, value) = (0, -Float.infinity)
                for (index, logit) in zip(0..., row) where logit > value { (best, value) = (index, logit) }
                return Int64(best)
            }
        }
    }

    /// Memory `[1, heads, tokens, size]` of the first tokens alone.
    private static func shortened(_ memory: Tensor, to count: Int, _ session: OnnxSession) throws(SpeechError) -> Tensor
    {
        try memory.withFloats { (floats, shape) throws(SpeechError) in
            guard shape.count == 4, shape[2] >= count else { throw .failed("the decoder's memory has another shape") }
            var kept: [Float] = []
            kept.reserveCapacity(shape[1] * count * shape[3])
            for head in 0..<shape[1] {
                let start = head * shape[2] * shape[3]
                kept.append(contentsOf: floats[start..<start + count * shape[3]])
            }
            return try Tensor(kept, shape: [1, shape[1], count, shape[3]], of: session.runtime)
        }
    }
}

/// The changes sampling makes to single logits: bans, biases and penalties.
///
/// They touch few tokens of a large vocabulary, so each old value is noted and put back when the token is chosen:
/// log-probabilities are then read from what the model said.
struct LogitEdits: Sendable {
    private let parameters: SamplingParameters
    private let biases: [(token: Int, bias: Float)]
    private let endTokens: [Int]
    private let minimumTokens: Int
    private let penalizes: Bool
    private let vocabularySize: Int

    /// Tokens of prompt and reply once each, how often each is in the reply, and where each is listed.
    private var seenTokens: [Int] = []
    private var replyCounts: [Int32] = []
    private var places: [Int32: Int] = [:]
    /// The reply so far, kept only when bad words need it.
    private var reply: [Int32] = []
    private var replyLength = 0
    private var undo: [(token: Int, logit: Float)] = []

    init(
        _ parameters: SamplingParameters, stop: StopConditions, endTokens: Set<Int32>, prompt: [Int32],
        vocabularySize: Int
    ) {
        self.parameters = parameters
        self.vocabularySize = vocabularySize
        minimumTokens = stop.minimumTokens
        self.endTokens = endTokens.union(stop.tokens).sorted().map(Int.init).filter { $0 < vocabularySize }
        biases = parameters.logitBias.sorted { $0.key < $1.key }.map { (Int($0.key), $0.value) }
        penalizes =
            parameters.repetitionPenalty != 1 || parameters.presencePenalty != 0 || parameters.frequencyPenalty != 0
        if penalizes, parameters.repetitionPenalty != 1 {
            for token in prompt { _ = place(of: token) }
        }
    }

    private mutating func place(of token: Int32) -> Int? {
        guard token >= 0, token < vocabularySize else { return nil }
        if let place = places[token] { return place }
        places[token] = seenTokens.count
        seenTokens.append(Int(token))
        replyCounts.append(0)
        return seenTokens.count - 1
    }

    /// Counts a token of the reply.
    mutating func record(_ token: Int32) {
        replyLength += 1
        if !parameters.badWords.isEmpty { reply.append(token) }
        if penalizes, let place = place(of: token) { replyCounts[place] += 1 }
    }

    /// Applies the bans alone, or everything, in vLLM's order.
    mutating func apply(to logits: UnsafeMutableBufferPointer<Float>) {
        undo.removeAll(keepingCapacity: true)
        banBadWords(logits)
        if replyLength < minimumTokens {
            for token in endTokens { set(-.infinity, at: token, in: logits) }
        }
        addBiasesAndPenalties(to: logits)
    }

    /// Puts every changed logit back.
    mutating func revert(_ logits: UnsafeMutableBufferPointer<Float>) {
        for (token, logit) in undo.reversed() { logits[token] = logit }
        undo.removeAll(keepingCapacity: true)
    }

    /// After ``revert(_:)``: the same without bad words and the minimum length, for when nothing else is left to choose.
    mutating func applyWithoutBans(to logits: UnsafeMutableBufferPointer<Float>) {
        undo.removeAll(keepingCapacity: true)
        addBiasesAndPenalties(to: logits)
    }

    @inline(__always)
    private mutating func set(_ value: Float, at token: Int, in logits: UnsafeMutableBufferPointer<Float>) {
        guard token < logits.count else { return }
        undo.append((token, logits[token]))
        logits[token] = value
    }

    private mutating func banBadWords(_ logits: UnsafeMutableBufferPointer<Float>) {
        for word in parameters.badWords {
            guard let last = word.last, reply.count >= word.count - 1 else { continue }
            if reply.suffix(word.count - 1).elementsEqual(word.dropLast()) {
                set(-.infinity, at: Int(last), in: logits)
            }
        }
    }

    private mutating func addBiasesAndPenalties(to logits: UnsafeMutableBufferPointer<Float>) {
        for (token, bias) in biases where token < logits.count {
            set(logits[token] + bias, at: token, in: logits)
        }
        guard penalizes else { return }
        for place in seenTokens.indices where seenTokens[place] < logits.count {
            let token = seenTokens[place]
            let count = replyCounts[place]
            var logit = logits[token]
            logit = logit > 0 ? logit / parameters.repetitionPenalty : logit * parameters.repetitionPenalty
            if count > 0 { logit -= Float(count) * parameters.frequencyPenalty + parameters.presencePenalty }
            set(logit, at: token, in: logits)
        }
    }
}

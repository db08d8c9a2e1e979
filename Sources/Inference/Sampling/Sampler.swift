import Foundation

/// Chooses the tokens of one reply.
///
/// The order is vLLM's: allowed tokens and constraint, bad words, minimum length, logit bias, penalties (repetition over
/// prompt and reply, frequency and presence over the reply), temperature, min-p, top-k, top-p, draw. Nothing sorts the
/// vocabulary or allocates per token, and every filter is exact.
public struct Sampler: Sendable {
    private let parameters: SamplingParameters
    private let vocabularySize: Int
    private let isGreedy: Bool
    private let inverseTemperature: Float
    /// Offset of min-p's cut below the largest logit; minus infinity without min-p.
    private let minPOffset: Float

    private var edits: LogitEdits
    private var random: RandomSource
    private var scan = LogitScan()
    private var candidates = CandidateSet()
    /// Tokens any step may choose, and those this step may.
    private let permitted: [UInt64]
    private var allowed: [UInt64]
    private var allowedIsPermitted = true

    /// A sampler at the start of a reply.
    ///
    /// - Parameters:
    ///   - endTokens: The model's end tokens, which are not chosen before `stop.minimumTokens`.
    ///   - prompt: What the repetition penalty counts beside the reply.
    ///   - vocabularySize: Tokens at or above it are padding and never chosen.
    /// - Throws: ``GenerationError/invalidParameter(name:message:)``.
    public init(
        _ parameters: SamplingParameters, stop: StopConditions, endTokens: Set<Int32> = [], prompt: [Int32] = [],
        vocabularySize: Int
    ) throws(GenerationError) {
        try parameters.validate(vocabularySize: vocabularySize)
        try stop.validate()
        self.parameters = parameters
        self.vocabularySize = vocabularySize
        isGreedy = parameters.isGreedy
        inverseTemperature = isGreedy ? 1 : 1 / parameters.temperature
        minPOffset = Float(Double(parameters.temperature) * log(Double(parameters.minP)))
        edits = LogitEdits(
            parameters, stop: stop, endTokens: endTokens, prompt: prompt, vocabularySize: vocabularySize)
        random = RandomSource(seed: parameters.seed ?? UInt64.random(in: .min ... .max))
        permitted = Self.permitted(parameters.allowedTokens, vocabularySize: vocabularySize)
        allowed = permitted
    }

    private static func permitted(_ tokens: Set<Int32>?, vocabularySize: Int) -> [UInt64] {
        var mask = TokenMask(count: vocabularySize, allowingAll: tokens == nil)
        for token in tokens ?? [] { mask[Int(token)] = true }
        // The bits of the last word beyond the vocabulary are padding.
        if vocabularySize % 64 != 0, var last = mask.words.popLast() {
            last &= (1 << UInt64(vocabularySize % 64)) - 1
            mask.words.append(last)
        }
        return mask.words
    }

    /// The next token, which then counts as part of the reply; nil when none may be chosen (an empty mask, or no finite
    /// logit).
    ///
    /// Bad words and the minimum length give way when they forbid everything else that is allowed.
    ///
    /// - Parameters:
    ///   - logits: One per token, at least `vocabularySize`; unchanged on return.
    ///   - mask: The tokens a constraint allows here.
    public mutating func sample(logits: UnsafeMutableBufferPointer<Float>, mask: TokenMask? = nil) -> Int32? {
        precondition(logits.count >= vocabularySize, "one logit per token of the vocabulary")
        let logits = UnsafeMutableBufferPointer(rebasing: logits.prefix(vocabularySize))
        restrict(to: mask, count: logits.count)
        edits.apply(to: logits)
        var token = choose(from: UnsafeBufferPointer(logits))
        if token == nil {
            edits.revert(logits)
            edits.applyWithoutBans(to: logits)
            token = choose(from: UnsafeBufferPointer(logits))
        }
        edits.revert(logits)
        guard let token else { return nil }
        record(Int32(token))
        return Int32(token)
    }

    /// Counts a token that was not sampled as part of the reply, such as one that is replayed.
    public mutating func record(_ token: Int32) { edits.record(token) }

    private mutating func restrict(to mask: TokenMask?, count: Int) {
        guard let mask else {
            if !allowedIsPermitted { allowed = permitted }
            allowedIsPermitted = true
            return
        }
        allowedIsPermitted = false
        for word in allowed.indices {
            allowed[word] = word < mask.words.count ? permitted[word] & mask.words[word] : 0
        }
        // A mask over fewer tokens allows none beyond.
        let last = mask.count >> 6
        if mask.count % 64 != 0, last < allowed.count { allowed[last] &= (1 << UInt64(mask.count % 64)) - 1 }
    }
    private mutating func choose(from logits: UnsafeBufferPointer<Float>) -> Int? {
        // Taken out so that the other buffers can change while it is read; no copy is made.
        let allowed = allowed
        return allowed.withUnsafeBufferPointer { allowed in
            scan.scan(logits, allowed: allowed)
            let largest = LogitScan.logit(of: scan.maximum)
            if isGreedy || largest == .infinity { return scan.firstMaximum(in: logits, allowed: allowed) }
            guard scan.maximum > LogitScan.lowestKey else { return nil }
            return draw(logits, allowed, largest)
        }
    }

    private mutating func draw(
        _ logits: UnsafeBufferPointer<Float>, _ allowed: UnsafeBufferPointer<UInt64>, _ largest: Float
    ) -> Int? {
        let filtersByRank = parameters.topK > 0 && parameters.topK < vocabularySize
        let floor = parameters.minP > 0 ? LogitScan.key(of: largest + minPOffset) : LogitScan.lowestKey
        if filtersByRank || parameters.minP > 0 {
            let bound = filtersByRank ? max(floor, scan.bound(forLargest: parameters.topK)) : floor
            gather(logits, allowed, largest, reaching: bound)
            if filtersByRank { candidates.keepLargest(parameters.topK) }
            if parameters.topP < 1 { candidates.keepMass(Double(parameters.topP) * candidates.mass) }
        } else if parameters.topP < 1 {
            gatherNucleus(logits, allowed, largest)
        } else {
            return drawFromAll(logits, allowed, largest)
        }
        return candidates.token(at: random.nextUnit() * candidates.mass)
    }

    private mutating func gather(
        _ logits: UnsafeBufferPointer<Float>, _ allowed: UnsafeBufferPointer<UInt64>, _ largest: Float,
        reaching bound: Int32
    ) {
        candidates.removeAll()
        let scale = inverseTemperature
        scan.forEach(reaching: bound, in: logits, allowed: allowed) { token, key in
            let weight = Exponential.ofNonPositive((LogitScan.logit(of: key) - largest) * scale)
            candidates.append(token: token, key: key, weight: weight)
        }
    }

    /// Top-p alone: the whole mass first, then only as many of the largest logits as hold the share that is wanted.
    private mutating func gatherNucleus(
        _ logits: UnsafeBufferPointer<Float>, _ allowed: UnsafeBufferPointer<UInt64>, _ largest: Float
    ) {
        let target = Double(parameters.topP) * blockMasses(logits, allowed, largest) { _, _ in true }
        for depth: Float in [6, 12, 24, .infinity] {
            let bound = LogitScan.key(of: largest - depth / inverseTemperature)
            gather(logits, allowed, largest, reaching: bound)
            if candidates.mass >= target { break }
        }
        candidates.keepMass(target)
    }

    /// Without filters: a point on the line of block masses, then the token within its block.
    private mutating func drawFromAll(
        _ logits: UnsafeBufferPointer<Float>, _ allowed: UnsafeBufferPointer<UInt64>, _ largest: Float
    ) -> Int? {
        let total = blockMasses(logits, allowed, largest) { _, _ in true }
        var rest = random.nextUnit() * total
        var chosen: Int?
        _ = blockMasses(logits, allowed, largest) { block, mass in
            guard mass > 0 else { return true }
            chosen = block
            if rest < mass { return false }
            rest -= mass
            return true
        }
        guard let chosen else { return nil }
        candidates.removeAll()
        for token in LogitScan.tokens(inBlock: chosen, of: logits.count)
        where allowed[chosen] >> UInt64(token % 64) & 1 == 1 {
            let weight = Exponential.ofNonPositive((logits[token] - largest) * inverseTemperature)
            candidates.append(token: token, key: 0, weight: weight)
        }
        return candidates.token(at: rest)
    }

    /// Sums the weights of the allowed tokens block by block until `body` returns false.
    @inline(__always)
    private func blockMasses(
        _ logits: UnsafeBufferPointer<Float>, _ allowed: UnsafeBufferPointer<UInt64>, _ largest: Float,
        _ body: (_ block: Int, _ mass: Double) -> Bool
    ) -> Double {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: LogitScan.blockSize) { weights in
            var total = 0.0
            for block in allowed.indices where allowed[block] != 0 {
                let tokens = LogitScan.tokens(inBlock: block, of: logits.count)
                let mass =
                    if allowed[block] == ~0 {
                        Exponential.blockSum(
                            UnsafeBufferPointer(rebasing: logits[tokens]), maximum: largest,
                            scale: inverseTemperature, weights: weights)
                    } else {
                        Self.maskedMass(logits, tokens, allowed[block], largest, inverseTemperature)
                    }
                total += Double(mass)
                if !body(block, Double(mass)) { break }
            }
            return total
        }
    }

    private static func maskedMass(
        _ logits: UnsafeBufferPointer<Float>, _ tokens: Range<Int>, _ allowed: UInt64, _ largest: Float, _ scale: Float
    ) -> Float {
        var mass: Float = 0
        for token in tokens where allowed >> UInt64(token - tokens.lowerBound) & 1 == 1 {
            mass += Exponential.ofNonPositive((logits[token] - largest) * scale)
        }
        return mass
    }
}

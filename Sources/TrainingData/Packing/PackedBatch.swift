/// Documents that are computed together: segments of tokens, some of which go on from a segment they share.
///
/// Attention never crosses documents: a segment sees itself and its parents. Positions go on from the parent's end. A
/// segment that is some other's parent holds no targets, and no segment begins with one, so every target is predicted
/// from a token of its own segment: the plain shift by one within a segment is all a trainer needs.
public struct PackedBatch: Sendable, Equatable {
    /// A run of tokens.
    public struct Segment: Sendable, Equatable {
        /// Its tokens, without its parents'.
        public var tokens: [Int32]
        /// As long as `tokens`; which of them are targets.
        public var lossMask: [Bool]
        /// The segment it goes on from, which stands before it in the batch; nil starts at position 0.
        public var parent: Int?

        /// A segment with these parts.
        public init(tokens: [Int32], lossMask: [Bool], parent: Int? = nil) {
            self.tokens = tokens
            self.lossMask = lossMask
            self.parent = parent
        }
    }

    /// Parents before their children.
    public var segments: [Segment]
    /// For each document, its last segment.
    public var documents: [Int]

    /// A batch with these parts.
    public init(segments: [Segment], documents: [Int]) {
        self.segments = segments
        self.documents = documents
    }

    /// Tokens that are computed.
    public var tokenCount: Int { segments.reduce(0) { $0 + $1.tokens.count } }
    /// Tokens that the documents would have without sharing.
    public var plainTokenCount: Int { documents.reduce(0) { $0 + end(of: $1) } }
    /// Targets in the batch.
    public var targetCount: Int {
        segments.reduce(0) { $0 + $1.lossMask.reduce(0) { $0 + ($1 ? 1 : 0) } }
    }

    /// The position of a segment's first token.
    public func start(of segment: Int) -> Int { segments[segment].parent.map(end(of:)) ?? 0 }

    /// The position after a segment's last token.
    public func end(of segment: Int) -> Int { start(of: segment) + segments[segment].tokens.count }

    /// A document's tokens and mask put together again.
    public func document(_ index: Int) -> EncodedConversation {
        var tokens: [Int32] = [], mask: [Bool] = []
        var next: Int? = documents[index]
        while let segment = next {
            tokens = segments[segment].tokens + tokens
            mask = segments[segment].lossMask + mask
            next = segments[segment].parent
        }
        return EncodedConversation(tokens: tokens, lossMask: mask)
    }
}

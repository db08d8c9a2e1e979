/// Finds the beginnings that documents share, so that each is computed once.
///
/// The documents' tokens form a tree. Of its branches those become parents that save the most, never reaching over a
/// document's first target.
struct PrefixSharing {
    /// A shared beginning must save at least so many tokens to be worth a segment of its own.
    var minimumSaving: Int
    /// How many parents a document may have, one going on from the other.
    var levels: Int

    /// The batch of these documents, in their order.
    func batch(_ documents: [EncodedConversation]) -> PackedBatch {
        var batch = PackedBatch(segments: [], documents: [Int](repeating: 0, count: documents.count))
        let order = documents.indices.sorted {
            documents[$0].tokens.lexicographicallyPrecedes(documents[$1].tokens)
                || (documents[$0].tokens == documents[$1].tokens && $0 < $1)
        }
        let tree = PrefixTree(documents, order: order)
        var parents: [(parent: Int?, from: Int)] = documents.map { _ in (nil, 0) }
        for group in tree.groups(levels: levels, minimumSaving: minimumSaving) {
            let first = order[group.documents.lowerBound]
            let (parent, from) = parents[first]
            batch.segments.append(segment(of: documents[first], from: from, to: group.length, parent: parent))
            for index in order[group.documents] { parents[index] = (batch.segments.count - 1, group.length) }
        }
        for (index, document) in documents.enumerated() {
            let (parent, from) = parents[index]
            batch.segments.append(segment(of: document, from: from, to: document.tokens.count, parent: parent))
            batch.documents[index] = batch.segments.count - 1
        }
        return batch
    }

    private func segment(
        of document: EncodedConversation, from start: Int, to end: Int, parent: Int?
    ) -> PackedBatch.Segment {
        PackedBatch.Segment(
            tokens: Array(document.tokens[start..<end]), lossMask: Array(document.lossMask[start..<end]), parent: parent
        )
    }
}

/// The tree of documents in lexicographic order, by the beginnings that neighbours share.
struct PrefixTree {
    /// Documents, by their place in the order, that share their first `length` tokens.
    struct Group: Equatable {
        var documents: Range<Int>
        var length: Int
    }

    /// `shared[i]`: how much the documents at places i and i + 1 share.
    private let shared: [Int]
    private let count: Int

    init(_ documents: [EncodedConversation], order: [Int]) {
        count = order.count
        // A segment holds its first target's predecessor, and at least one token stays with each document.
        let limits = documents.map { max(0, min($0.firstTarget, $0.tokens.count) - 1) }
        shared = zip(order, order.dropFirst()).map { left, right in
            let limit = min(limits[left], limits[right])
            let left = documents[left].tokens, right = documents[right].tokens
            var length = 0
            while length < limit, left[length] == right[length] { length += 1 }
            return length
        }
    }

    /// What is worth sharing: parents before their children.
    func groups(levels: Int, minimumSaving: Int) -> [Group] {
        guard count > 1, levels > 0 else { return [] }
        return best(0..<count, from: 0, levels: levels, minimumSaving).groups
    }

    /// The best groups among these documents, of whose tokens the first `start` are shared already.
    private func best(
        _ range: Range<Int>, from start: Int, levels: Int, _ minimumSaving: Int
    ) -> (saving: Int, groups: [Group]) {
        guard range.count > 1, levels > 0 else { return (0, []) }
        let length = shared[range.lowerBound..<range.upperBound - 1].min() ?? 0
        let apart = split(range, from: start, at: length, levels: levels, minimumSaving)
        let ownSaving = (range.count - 1) * (length - start)
        guard ownSaving >= minimumSaving else { return apart }
        let below = split(range, from: length, at: length, levels: levels - 1, minimumSaving)
        let together = ownSaving + below.saving
        guard together > apart.saving else { return apart }
        return (together, [Group(documents: range, length: length)] + below.groups)
    }

    /// The best groups of each branch where the range divides.
    private func split(
        _ range: Range<Int>, from start: Int, at length: Int, levels: Int, _ minimumSaving: Int
    ) -> (saving: Int, groups: [Group]) {
        var result: (saving: Int, groups: [Group]) = (0, [])
        var lower = range.lowerBound
        for place in range where place == range.upperBound - 1 || shared[place] == length {
            let branch = lower..<(place + 1)
            lower = place + 1
            guard branch != range else { return result }
            let best = best(branch, from: start, levels: levels, minimumSaving)
            result.saving += best.saving
            result.groups += best.groups
        }
        return result
    }
}

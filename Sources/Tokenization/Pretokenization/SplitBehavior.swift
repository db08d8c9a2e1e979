/// What becomes of a delimiter, with the names of `tokenizer.json`.
enum SplitBehavior: String, Sendable, CaseIterable {
    case removed = "Removed"
    case isolated = "Isolated"
    case mergedWithPrevious = "MergedWithPrevious"
    case mergedWithNext = "MergedWithNext"
    case contiguous = "Contiguous"
}

/// Joins a run of matches and of the text between them into pieces, as a behaviour asks.
struct Splitter {
    let behavior: SplitBehavior
    private var pending: Range<Int>?
    private var lastWasMatch: Bool?

    init(behavior: SplitBehavior) { self.behavior = behavior }

    /// Takes the next stretch of text; stretches follow one another without a gap.
    mutating func add(_ range: Range<Int>, isMatch: Bool, to pieces: inout [Range<Int>]) {
        switch behavior {
        case .isolated:
            if !range.isEmpty { pieces.append(range) }
        case .removed:
            if !isMatch, !range.isEmpty { pieces.append(range) }
        case .mergedWithPrevious:
            join(range, if: isMatch && lastWasMatch == false, to: &pieces)
        case .mergedWithNext:
            join(range, if: !isMatch && lastWasMatch == true, to: &pieces)
        case .contiguous:
            join(range, if: isMatch == lastWasMatch, to: &pieces)
        }
        lastWasMatch = isMatch
    }

    private mutating func join(_ range: Range<Int>, if joins: Bool, to pieces: inout [Range<Int>]) {
        if joins, let start = pending {
            pending = start.lowerBound..<range.upperBound
        } else {
            finish(&pieces)
            pending = range
        }
    }

    /// Hands out what was held back.
    mutating func finish(_ pieces: inout [Range<Int>]) {
        if let piece = pending, !piece.isEmpty { pieces.append(piece) }
        pending = nil
    }
}

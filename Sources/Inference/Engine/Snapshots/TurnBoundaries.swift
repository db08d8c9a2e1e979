import Tokenization

/// Where in a prompt later prompts are likely to part from it, and a recurrent state is worth keeping.
///
/// The end of the user's turn, because a chat template may render a past reply otherwise than it was generated (Qwen3.5
/// leaves the empty reasoning of its generation prompt out of the history): the state after a reply is then of no use,
/// and the reply is read again from the end of the user's turn. And the end of the system prompt, with which other
/// conversations begin.
struct TurnBoundaries {
    /// A place to keep the state at.
    struct Boundary: Equatable {
        /// Tokens before it.
        let length: Int
        let kind: PrefixCache.Kind
    }

    private let turnStarts: Set<Int32>
    /// A shorter beginning is read again as fast as it is restored.
    private static let shortest = 8

    init(tokenizer: Tokenizer?) {
        let names = ["<|im_start|>", "<|start_header_id|>", "<start_of_turn>"]
        turnStarts = Set(names.compactMap { tokenizer?.id(of: $0) })
    }

    /// The places in a prompt, ascending.
    ///
    /// - Parameters:
    ///   - given: where the request says that turns begin; nil looks for the tokens that begin them.
    ///   - commonLength: how many first tokens another sequence shares: where two have parted, a third may.
    ///   - reusedLength: what is there already.
    func find(in prompt: [Int32], given: [Int]?, commonLength: Int, reusedLength: Int) -> [Boundary] {
        let starts = given ?? prompt.indices.filter { turnStarts.contains(prompt[$0]) }
        let inside = starts.filter { $0 >= Self.shortest && $0 < prompt.count }.sorted()
        var boundaries: [Boundary] = []
        if let last = inside.last { boundaries.append(Boundary(length: last, kind: .turn)) }
        if let first = inside.first, inside.count > 1 { boundaries.append(Boundary(length: first, kind: .shared)) }
        if commonLength >= reusedLength + Self.shortest, commonLength < prompt.count {
            boundaries.append(Boundary(length: commonLength, kind: .shared))
        }
        var seen: Set<Int> = []
        return boundaries.filter { $0.length > reusedLength && seen.insert($0.length).inserted }
            .sorted { $0.length < $1.length }
    }
}

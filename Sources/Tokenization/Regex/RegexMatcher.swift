/// Runs a program over one text, looking for matches from left to right.
///
/// Backtracking is explicit, on a stack of its own, and counted: a hostile pattern or text ends the search instead of
/// the process. The budget grows with the text, so that ordinary patterns never meet it.
struct RegexMatcher {
    private struct Choice {
        var instruction: Int
        /// Where to go on; for a loop, the end of what it still holds.
        var position: Int
        /// The least a loop must keep.
        var floor: Int
    }

    private let instructions: UnsafeBufferPointer<RegexProgram.Instruction>
    private let sets: UnsafeBufferPointer<ScalarSet>
    private let entries: UnsafeBufferPointer<Int>
    private let text: UnsafeBufferPointer<UInt8>
    private var choices: [Choice] = []
    private var remainingSteps: Int

    /// Calls `body` for each match of `program` in `text`, in order.
    ///
    /// A match may be empty, but not where the last one ended.
    ///
    /// - Parameters:
    ///   - text: Valid UTF-8.
    ///   - stepsPerByte: The budget; when it is used up the search ends as if no further match existed.
    static func forEachMatch(
        of program: RegexProgram, in text: UnsafeBufferPointer<UInt8>, stepsPerByte: Int = 256,
        _ body: (_ start: Int, _ end: Int) -> Void
    ) {
        program.instructions.withUnsafeBufferPointer { instructions in
            program.sets.withUnsafeBufferPointer { sets in
                program.entries.withUnsafeBufferPointer { entries in
                    let (steps, overflow) = (text.count + 256).multipliedReportingOverflow(by: stepsPerByte)
                    var matcher = RegexMatcher(
                        instructions: instructions, sets: sets, entries: entries, text: text,
                        remainingSteps: overflow ? .max : steps)
                    matcher.search(body)
                }
            }
        }
    }

    private mutating func search(_ body: (_ start: Int, _ end: Int) -> Void) {
        var position = 0
        var lastEnd = 0
        while position < text.count {
            let entry = entries[Int(text[position])]
            if entry >= 0, let end = run(entry, at: position) {
                if end > position || position != lastEnd { body(position, end) }
                lastEnd = end
                if end > position {
                    position = end
                    continue
                }
            }
            guard remainingSteps > 0 else { return }
            position += 1
            while position < text.count, text[position] & 0xC0 == 0x80 { position += 1 }
        }
    }

    /// Where the program from `start` on ends when it matches at `origin`.
    private mutating func run(_ start: Int, at origin: Int) -> Int? {
        let base = choices.count
        defer { choices.removeSubrange(base...) }
        var current = start
        var position = origin
        while true {
            remainingSteps -= 1
            guard remainingSteps > 0 else { return nil }
            var isMatching = true
            switch instructions[current] {
            case .set(let set):
                if let end = sets[set].end(ofMemberAt: position, in: text) {
                    position = end
                    current += 1
                } else {
                    isMatching = false
                }
            case .loop(let set, let minimum, let maximum, let isPossessive):
                isMatching = loop(sets[set], minimum, maximum, isPossessive, current + 1, &position)
                current += 1
            case .split(let preferred, let other):
                choices.append(Choice(instruction: other, position: position, floor: position))
                current = preferred
            case .jump(let target):
                current = target
            case .lookahead(let next, let isNegated):
                isMatching = (run(current + 1, at: position) != nil) != isNegated
                current = next
            case .atomic(let next):
                if let end = run(current + 1, at: position) { position = end } else { isMatching = false }
                current = next
            case .assertion(let assertion):
                isMatching = holds(assertion, at: position)
                current += 1
            case .accept:
                return position
            }
            if !isMatching {
                guard choices.count > base else { return nil }
                (current, position) = nextChoice()
            }
        }
    }

    /// Consumes as many members as allowed, and notes that all but the minimum may be given back.
    private mutating func loop(
        _ set: ScalarSet, _ minimum: Int, _ maximum: Int, _ isPossessive: Bool, _ next: Int, _ position: inout Int
    ) -> Bool {
        let start = position
        var count = 0
        var floor = position
        while count < maximum, let end = set.end(ofMemberAt: position, in: text) {
            position = end
            count += 1
            if count == minimum { floor = end }
        }
        remainingSteps -= (position - start) >> 2
        guard count >= minimum else { return false }
        if !isPossessive, position > floor {
            choices.append(Choice(instruction: next, position: position, floor: floor))
        }
        return true
    }

    /// Takes the latest open choice: a split's other way, or a loop with one scalar less.
    private mutating func nextChoice() -> (instruction: Int, position: Int) {
        let last = choices.count - 1
        let instruction = choices[last].instruction
        var position = choices[last].position
        if position > choices[last].floor {
            repeat { position -= 1 } while text[position] & 0xC0 == 0x80
            choices[last].position = position
        }
        if position == choices[last].floor { choices.removeLast() }
        return (instruction, position)
    }

    private func holds(_ assertion: RegexAssertion, at position: Int) -> Bool {
        switch assertion {
        case .textStart: position == 0
        case .textEnd: position == text.count
        case .lineStart: position == 0 || text[position - 1] == 0x0A
        case .lineEnd: position == text.count || text[position] == 0x0A
        case .wordBoundary: isWord(before: position) != (Self.word.end(ofMemberAt: position, in: text) != nil)
        }
    }

    private static let word = ScalarSet(categories: .word)

    private func isWord(before position: Int) -> Bool {
        guard position > 0 else { return false }
        var start = position - 1
        while start > 0, text[start] & 0xC0 == 0x80 { start -= 1 }
        return Self.word.end(ofMemberAt: start, in: text) != nil
    }
}

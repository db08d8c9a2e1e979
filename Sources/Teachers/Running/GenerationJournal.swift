import JSON

/// What was asked, answered and paid, so that a run that ended in any way goes on and pays nothing twice.
///
/// An answer is written down before anything is made of it. A line each:
/// `begun` (once), `asked`, `replied` or `failed`, `settled`.
struct GenerationJournal {
    /// An answer of which nothing was made yet.
    struct Unsettled: Equatable {
        var ticket: Int
        var category: TaughtCategory
        var count: Int
        var text: String
    }

    /// What the lines come to.
    struct History {
        var nextTicket = 1
        var spending = Spending()
        var rejected: [TaughtCategory: [String: Int]] = [:]
        var unsettled: [Unsettled] = []
        var isNew = true
    }

    private let file: LineFile

    /// - Parameters:
    ///   - prompt: The fingerprint of the prompt that the conversations are written for.
    ///   - output: What errors call the run.
    init(
        _ file: LineFile, prompt: String, seed: UInt64, output: String, history: inout History
    ) throws(GenerationError) {
        self.file = file
        let lines = try file.lines()
        guard let first = lines.first else {
            try file.append(["event": "begun", "prompt": .string(prompt), "seed": .string(String(seed))])
            return
        }
        guard first.value["prompt"]?.string == prompt, first.value["seed"]?.string == String(seed) else {
            throw .otherPrompt(path: output)
        }
        history = try Self.history(lines.dropFirst(), path: file.path)
        history.isNew = false
    }

    private static func history(
        _ lines: some Sequence<(number: Int, value: JSONValue)>, path: String
    ) throws(GenerationError) -> History {
        var history = History()
        var open: [Int: (category: TaughtCategory, count: Int, tokens: Int)] = [:]
        for (number, value) in lines {
            guard let ticket = value["ticket"]?.integer, (0..<Int.max).contains(ticket),
                let event = value["event"]?.string
            else {
                throw .line(path: path, number: number, reason: "no event of a ticket")
            }
            history.nextTicket = max(history.nextTicket, ticket + 1)
            switch event {
            case "asked":
                guard let category = value["category"]?.string.flatMap(TaughtCategory.init(rawValue:)) else { continue }
                open[ticket] = (
                    category, min(max(1, value["count"]?.integer ?? 1), 50),
                    TeacherReply.plausible(value["prompt_tokens"]?.integer) ?? 0
                )
            case "replied":
                history.spending.requests += 1
                history.spending.add(value)
                guard let asked = open.removeValue(forKey: ticket) else { continue }
                history.unsettled.append(
                    Unsettled(
                        ticket: ticket, category: asked.category, count: asked.count, text: value["text"]?.string ?? "")
                )
            case "failed":
                history.spending.add(value)
                if value["final"]?.bool == true { open[ticket] = nil }
            case "settled":
                guard let index = history.unsettled.firstIndex(where: { $0.ticket == ticket }) else { continue }
                let category = history.unsettled.remove(at: index).category
                for (reason, count) in value["rejected"]?.object ?? JSONObject() {
                    history.rejected[category, default: [:]][reason, default: 0] += count.integer ?? 0
                }
            default: continue
            }
        }
        // Asked when the run ended, and perhaps paid.
        for asked in open.values {
            history.spending.promptTokens += asked.tokens
            history.spending.isEstimated = true
        }
        return history
    }

    func asked(_ ticket: Int, _ category: TaughtCategory, count: Int, promptTokens: Int) throws(GenerationError) {
        try file.append([
            "event": "asked", "ticket": .integer(ticket), "category": .string(category.rawValue),
            "count": .integer(count), "prompt_tokens": .integer(promptTokens),
        ])
    }

    func replied(_ ticket: Int, spent: Spending, text: String) throws(GenerationError) {
        try file.append(.object(Self.event("replied", ticket, spent, [("text", .string(text))])))
    }

    /// - Parameter isFinal: Whether it is not tried again.
    func failed(_ ticket: Int, spent: Spending, reason: String, isFinal: Bool) throws(GenerationError) {
        try file.append(
            .object(Self.event("failed", ticket, spent, [("reason", .string(reason)), ("final", .bool(isFinal))])))
    }

    func settled(_ ticket: Int, accepted: Int, rejected: [String: Int]) throws(GenerationError) {
        let reasons = rejected.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.integer($0.value)) }
        try file.append([
            "event": "settled", "ticket": .integer(ticket), "accepted": .integer(accepted),
            "rejected": .object(JSONObject(reasons)),
        ])
    }

    private static func event(
        _ name: String, _ ticket: Int, _ spent: Spending, _ more: [(String, JSONValue)]
    ) -> JSONObject {
        let members: [(String, JSONValue)] = [
            ("event", .string(name)), ("ticket", .integer(ticket)), ("prompt_tokens", .integer(spent.promptTokens)),
            ("completion_tokens", .integer(spent.completionTokens)), ("cost", .number(spent.cost)),
            ("estimated", .bool(spent.isEstimated)),
        ]
        return JSONObject(members + more)
    }
}

extension Spending {
    /// Adds what a line of the journal says.
    fileprivate mutating func add(_ line: JSONValue) {
        promptTokens += TeacherReply.plausible(line["prompt_tokens"]?.integer) ?? 0
        completionTokens += TeacherReply.plausible(line["completion_tokens"]?.integer) ?? 0
        cost += max(0, line["cost"]?.double ?? 0)
        isEstimated = isEstimated || line["estimated"]?.bool == true
    }
}

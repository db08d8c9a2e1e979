import JSON
import TrainingData

/// What came of a run: how much of each category, what was refused and why, how varied it is, what it cost.
public struct GenerationReport: Sendable {
    /// How a run ends.
    public enum End: Sendable, Equatable {
        /// All that was wanted is there.
        case complete
        /// A limit was reached.
        case budget(String)
        /// Somebody stopped it.
        case interrupted
        /// These categories gave nothing usable for long.
        case givenUp([TaughtCategory])
        /// The teacher gave no reply.
        case failed(TeacherError)
    }

    /// What came of a category.
    public struct Outcome: Sendable {
        /// Which.
        public var category: TaughtCategory
        /// How many there should be, and are.
        public var wanted: Int, accepted = 0
        /// How many were refused for each reason.
        public var rejected: [String: Int] = [:]
        /// How varied those are that were kept.
        public var variety = Variety()

        /// Refused in all.
        public var rejectedCount: Int { rejected.values.reduce(0, +) }
    }

    /// Who wrote.
    public var teacher: String
    /// How it ended.
    public var end: End
    /// In the categories' order.
    public var outcomes: [Outcome]
    /// All conversations that were kept, those of earlier runs included.
    public var statistics: DatasetStatistics
    /// What was used up, by earlier runs of the same file too.
    public var spending: Spending
    /// This run's time.
    public var seconds: Double

    /// Kept, and wanted.
    public var accepted: Int { outcomes.reduce(0) { $0 + $1.accepted } }
    /// In all.
    public var wanted: Int { outcomes.reduce(0) { $0 + $1.wanted } }

    /// Everything, for machines.
    public var json: JSONValue {
        var categories = JSONObject()
        for outcome in outcomes {
            let words = outcome.variety.replyWords
            categories[outcome.category.rawValue] = [
                "wanted": .integer(outcome.wanted), "accepted": .integer(outcome.accepted),
                "rejected": Self.counts(outcome.rejected),
                "distinct_openings": .integer(outcome.variety.distinctOpenings),
                "repeated_phrase_share": .number(outcome.variety.repeatedPhraseShare),
                "reply_words_median": .integer(words.median), "reply_words_95": .integer(words.high),
            ]
        }
        var object = JSONObject([("teacher", .string(teacher)), ("end", .string(endName))])
        if let reason = endReason { object["reason"] = .string(reason) }
        object["wanted"] = .integer(wanted)
        object["accepted"] = .integer(accepted)
        object["categories"] = .object(categories)
        object["spending"] = spending.json
        object["seconds"] = .number(seconds)
        object["data"] = statistics.json
        return .object(object)
    }

    private var endName: String {
        switch end {
        case .complete: "complete"
        case .budget: "budget"
        case .interrupted: "interrupted"
        case .givenUp: "given up"
        case .failed: "failed"
        }
    }

    /// Why it ended before all was there.
    public var endReason: String? {
        switch end {
        case .complete: nil
        case .budget(let reason): reason
        case .interrupted: "it was interrupted"
        case .givenUp(let categories):
            "nothing usable came for \(categories.map(\.title).joined(separator: ", ")); see what was rejected and why,"
                + " and try another teacher or a smaller --batch"
        case .failed(let error): "\(error)"
        }
    }

    private static func counts(_ counts: [String: Int]) -> JSONValue {
        .object(
            JSONObject(counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, .integer($0.value)) }))
    }
}

/// How far a run is.
public struct GenerationProgress: Sendable, Equatable {
    /// Kept, wanted and refused, earlier runs included.
    public var accepted: Int, wanted: Int, rejected: Int
    /// Kept by this run alone.
    public var acceptedNow: Int
    /// What was used up.
    public var spending: Spending
}

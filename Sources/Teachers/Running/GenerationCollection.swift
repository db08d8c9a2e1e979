import TrainingData

/// The conversations that were kept, counted, and told from those that come.
struct GenerationCollection: Sendable {
    private(set) var outcomes: [TaughtCategory: GenerationReport.Outcome] = [:]
    private(set) var statistics = DatasetStatistics()
    private(set) var count = 0
    private var duplicates: DuplicateFinder

    init(_ recipe: GenerationRecipe) {
        duplicates = DuplicateFinder(threshold: recipe.likeness)
        for (category, wanted) in recipe.counts where wanted > 0 {
            outcomes[category] = GenerationReport.Outcome(category: category, wanted: wanted)
        }
    }

    /// Takes in what earlier runs kept.
    mutating func load(_ file: LineFile) throws(GenerationError) {
        for (number, value) in try file.lines() {
            let sample: TrainingConversation
            do { sample = try ConversationFile.conversation(value.text().utf8, line: number) } catch {
                throw .line(path: file.path, number: number, reason: error.message)
            }
            guard let category = sample.category.flatMap(TaughtCategory.init(title:)) else {
                throw .line(path: file.path, number: number, reason: "its category is none that a teacher writes")
            }
            _ = duplicates.add(sample)
            keep(sample, category)
        }
    }

    /// The conversation, if it is wanted and like no other; nil for one that was kept before the last run ended.
    mutating func unlike(
        _ sample: TrainingConversation, _ category: TaughtCategory, isRepeated: Bool
    ) throws(Rejection) -> TrainingConversation? {
        var sample = sample
        sample.line = count + 1
        let likeness = duplicates.add(sample)
        if isRepeated, case .exact = likeness { return nil }
        guard let outcome = outcomes[category], outcome.accepted < outcome.wanted else {
            throw Rejection("more than wanted", "")
        }
        switch likeness {
        case nil: return sample
        case .exact(let line): throw Rejection("duplicate", "the same as line \(line)")
        case .near(let line, let share):
            throw Rejection("near-duplicate", "\(Int(share * 100)) % like line \(line)")
        }
    }

    mutating func keep(_ sample: TrainingConversation, _ category: TaughtCategory) {
        count += 1
        outcomes[category, default: .init(category: category, wanted: 0)].accepted += 1
        outcomes[category]?.variety.add(sample)
        statistics.add(sample)
    }

    mutating func refuse(_ reasons: [String: Int], _ category: TaughtCategory) {
        outcomes[category]?.rejected.merge(reasons, uniquingKeysWith: +)
    }

    /// How many more a category needs.
    func missing(_ category: TaughtCategory) -> Int { outcomes[category].map { max(0, $0.wanted - $0.accepted) } ?? 0 }

    /// Whether all are there.
    var isComplete: Bool { outcomes.keys.allSatisfy { missing($0) == 0 } }
}

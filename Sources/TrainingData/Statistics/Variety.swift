import JSON

/// How varied a dataset's replies and openings are. A model learns by heart what comes again and again.
public struct Variety: Sendable, Equatable {
    private static let phraseLength = 5

    private var replies: [UInt64: Int] = [:]
    private var openings: [String: Int] = [:]
    private var questions: Set<UInt64> = []
    private var phrases: [UInt64: Int] = [:]
    private var wordCounts: [Int: Int] = [:]
    private var replyCount = 0, questionCount = 0, phraseCount = 0

    /// Nothing counted yet.
    public init() {}

    /// Counts the spoken replies of a conversation, and what the user says.
    public mutating func add(_ conversation: TrainingConversation) {
        for message in conversation.messages {
            let words = Words.spoken(in: message.content)
            switch message.role {
            case .user:
                questionCount += 1
                questions.insert(Self.hash(words[...]))
            case .assistant where !words.isEmpty:
                replyCount += 1
                replies[Self.hash(words[...]), default: 0] += 1
                openings[words.prefix(3).joined(separator: " "), default: 0] += 1
                wordCounts[words.count, default: 0] += 1
                for start in words.indices.dropLast(Self.phraseLength - 1) {
                    phrases[Self.hash(words[start..<start + Self.phraseLength]), default: 0] += 1
                    phraseCount += 1
                }
            default: break
            }
        }
    }

    /// Replies that are said, and how many of them differ.
    public var repliesAndDistinct: (Int, Int) { (replyCount, replies.count) }
    /// User messages, and how many of them differ.
    public var questionsAndDistinct: (Int, Int) { (questionCount, questions.count) }
    /// Different first three words of replies.
    public var distinctOpenings: Int { openings.count }
    /// The commonest first three words, and how often they come.
    public var commonestOpenings: [(String, Int)] {
        openings.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(5).map { ($0.key, $0.value) }
    }
    /// The share of five-word runs in replies that are said more than once.
    public var repeatedPhraseShare: Double {
        phraseCount == 0 ? 0 : Double(phrases.values.filter { $0 > 1 }.reduce(0, +)) / Double(phraseCount)
    }
    /// Words of a reply: the median, and what nineteen of twenty keep below.
    public var replyWords: (median: Int, high: Int) { (percentile(0.5), percentile(0.95)) }

    private func percentile(_ share: Double) -> Int {
        let wanted = Int(Double(replyCount) * share)
        var passed = 0
        for (words, count) in wordCounts.sorted(by: { $0.key < $1.key }) {
            passed += count
            if passed > wanted { return words }
        }
        return wordCounts.keys.max() ?? 0
    }

    private static func hash(_ words: ArraySlice<String>) -> UInt64 {
        var hash = StableHash()
        for word in words { hash.add(word) }
        return hash.value
    }

    /// For machines.
    var json: JSONValue {
        [
            "replies": .integer(replyCount), "distinct_replies": .integer(replies.count),
            "user_messages": .integer(questionCount), "distinct_user_messages": .integer(questions.count),
            "distinct_openings": .integer(distinctOpenings), "repeated_phrase_share": .number(repeatedPhraseShare),
            "reply_words_median": .integer(replyWords.median), "reply_words_95": .integer(replyWords.high),
        ]
    }
}

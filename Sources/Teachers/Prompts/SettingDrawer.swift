import Companion
import DataGeneration
import TrainingData

/// Draws settings. The same seed and number of a request draw the same.
struct SettingDrawer {
    private var draws: BankDraws
    /// The persona's tools by name.
    private let tools: [String]
    /// Whom the user speaks with.
    private let persona: String

    init(seed: UInt64, ticket: Int, tools: [String], persona: String) {
        var mixed = SeededGenerator(seed: seed ^ (UInt64(ticket) &* 0x9E37_79B9_7F4A_7C15))
        draws = BankDraws(seed: mixed.next())
        self.tools = tools
        self.persona = persona
    }

    mutating func settings(_ category: TaughtCategory, _ count: Int) -> [Setting] {
        (0..<count).map { _ in setting(category) }
    }

    private mutating func setting(_ category: TaughtCategory) -> Setting {
        let moment = draws.moment()
        var setting = Setting(
            profile: draws.profile(), now: moment.now, timeZone: moment.timeZone, subjects: [], turns: 1)
        setting.tellsTime = chance(75)
        switch category {
        case .topicSwitching: talk(&setting, turns: [2, 2, 3])
        case .directAction: act(&setting, turns: [1, 1, 2])
        case .conciseVoice, .noFollowUp: talk(&setting, turns: [1, 1, 2], joined: true)
        case .honestMemory: remember(&setting)
        case .userContext: meet(&setting)
        case .culture:
            setting.subjects = [pick(SubjectBank.customs).replacing("{people}", with: pick(SubjectBank.peoples))]
            setting.turns = pick([1, 1, 2])
        case .mixed:
            talk(&setting, turns: [3, 4])
            if chance(70) {
                setting.subjects.removeLast()
                addTool(to: &setting)
            }
        case .noMarkup:
            talk(&setting, turns: [1, 1, 2], joined: true)
            setting.hint = "The user asks for it as \(pick(SubjectBank.markups)), and gets it as plain speech instead."
        case .toolResults:
            act(&setting, turns: [1], among: ["web_search"])
            setting.hint = pick(SubjectBank.resultStyles)
        }
        return setting
    }

    // MARK: Kinds

    /// - Parameter joined: Whether all turns are about one subject.
    private mutating func talk(_ setting: inout Setting, turns: [Int], joined: Bool = false) {
        setting.turns = pick(turns)
        setting.subjects = Array(shuffled(SubjectBank.everyday).prefix(joined ? 1 : setting.turns))
    }

    private mutating func act(_ setting: inout Setting, turns: [Int], among wanted: [String]? = nil) {
        setting.turns = pick(turns)
        if setting.turns > 1 { setting.subjects = ["small talk about \(pick(SubjectBank.everyday))"] }
        addTool(to: &setting, among: wanted)
    }

    /// A tool to be called, and what is there for it. Without tools, the talk goes on without.
    private mutating func addTool(to setting: inout Setting, among wanted: [String]? = nil) {
        let weighted = [
            "web_search", "web_search", "web_search", "web_search", "save_note", "save_note", "remember", "remember",
            "search_memory", "list_notes", "delete_note", "current_time",
        ]
        let choices = weighted.filter { tools.contains($0) && (wanted?.contains($0) ?? true) }
        guard !choices.isEmpty else {
            if setting.subjects.isEmpty { setting.subjects = [pick(SubjectBank.everyday)] }
            return
        }
        let tool = pick(choices)
        setting.tools = [tool]
        switch tool {
        case "web_search":
            setting.subjects.append(
                pick(SubjectBank.lookups).replacing(
                    "{city}", with: setting.profile.city.isEmpty ? "Lyon" : setting.profile.city))
        case "search_memory":
            let fact = draws.fact()
            setting.memories = [fact.text]
            setting.subjects.append("\(fact.topic), which they told long ago and ask for now")
        case "remember": setting.subjects.append("something lasting that they tell, such as: \(draws.fact().text)")
        case "save_note":
            let note = draws.note()
            setting.subjects.append("something to be written down, such as: \(note.title), \(note.text)")
        case "current_time": setting.subjects.append("the time or the date where they are, which they ask for")
        default:
            addNotes(to: &setting)
            setting.subjects.append(
                tool == "delete_note"
                    ? "one of their notes, which is to be deleted" : "their notes, and what is in them")
        }
    }

    private mutating func addNotes(to setting: inout Setting) {
        setting.firstNote = 1 + draws.random.next(below: 30)
        var titles: Set<String> = []
        for _ in 0..<pick([2, 2, 3]) {
            let note = draws.note()
            if titles.insert(note.title).inserted {
                setting.notes.append(Setting.Note(title: note.title, text: note.text))
            }
        }
    }

    private mutating func remember(_ setting: inout Setting) {
        let fact = draws.fact()
        setting.subjects = ["\(fact.topic), which they believe to have told long ago and ask for now"]
        if tools.contains("search_memory") { setting.tools = ["search_memory"] }
        if chance(55) || setting.tools.isEmpty {
            setting.forgotten = fact.topic
        } else {
            setting.memories = [fact.text]
        }
    }

    /// Somebody of whom all is known, and who asks what it bears on.
    private mutating func meet(_ setting: inout Setting) {
        for _ in 0..<100
        where setting.profile.name.isEmpty || setting.profile.city.isEmpty || setting.profile.preferences.isEmpty {
            setting.profile = draws.profile()
        }
        let facts = ["name", "city"] + setting.profile.preferences.map { "fact: \($0)" }
        let about = pick(facts)
        setting.subjects = [
            chance(50)
                ? "what \(persona) knows of them, their \(about), and asks for it"
                : "\(pick(SubjectBank.everyday)), and asks for advice; it fits who they are (their \(about))"
        ]
        setting.turns = pick([1, 1, 2])
    }

    // MARK: Drawing

    private mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[draws.random.next(below: elements.count)]
    }

    private mutating func chance(_ percent: Int) -> Bool { draws.random.next(below: 100) < percent }

    private mutating func shuffled<Element>(_ elements: [Element]) -> [Element] { draws.random.shuffled(elements) }
}

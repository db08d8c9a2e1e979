import Companion
import Foundation

/// One conversation that a model is put through.
public struct Scenario: Sendable, Equatable {
    /// Names it in reports; unique.
    public var id: String
    /// What kind of conversation it is, such as `direct action`.
    public var category: String
    /// Who the user is.
    public var profile: Profile
    /// What the clock's line says, such as `[Tuesday, 3 March 2026, 14:05]`; nil: the model is told no time.
    public var clock: String?
    /// The tools she has, by name, in the order of the prompt; empty: none.
    public var tools: [String]
    /// What tools answer, by name. A tool without one finds nothing.
    public var results: [String: String]
    /// What the user says, turn by turn.
    public var turns: [ScenarioTurn]
    /// Where it is written, as `file:line`.
    public var place: String

    /// Turns that the model answers.
    public var askedTurns: Int { turns.count { $0.scriptedReply == nil } }
}

/// One thing the user says, and what should come of it.
public struct ScenarioTurn: Sendable, Equatable {
    /// The user's words.
    public var user: String
    /// What is remembered at these words.
    public var remembering: [String]
    /// The assistant's reply, where it is given and the model is not asked; every model then has the same history.
    public var scriptedReply: String?
    /// What the reply is judged by.
    public var gates: [QualityGate]
    /// What ``QualityGate``s that need it go by.
    public var expectation: ReplyExpectation
}

/// What a good reply does.
public struct ReplyExpectation: Sendable, Equatable {
    /// What must be called; nil: calls do not matter. Empty: nothing may be.
    public var calls: [ExpectedCall]?
    /// Tools that may be called as well.
    public var mayCall: [String]
    /// Each of these must be said.
    public var says: [WordGroup]
    /// None of these may be said.
    public var avoids: [WordGroup]
    /// Whose name must be said; empty: she must say that she does not know it. Nil: names do not matter.
    public var name: String?
    /// Whether she must say that she does not know or remember it.
    public var forgets: Bool

    /// Expects what is named.
    public init(
        calls: [ExpectedCall]? = nil, mayCall: [String] = [], says: [WordGroup] = [], avoids: [WordGroup] = [],
        name: String? = nil, forgets: Bool = false
    ) {
        self.calls = calls
        self.mayCall = mayCall
        self.says = says
        self.avoids = avoids
        self.name = name
        self.forgets = forgets
    }
}

/// A call that must be made.
public struct ExpectedCall: Sendable, Equatable {
    /// What an argument must be.
    public enum Argument: Sendable, Equatable {
        /// Text in which each of these occurs.
        case words([WordGroup])
        /// This number, written as one or as text.
        case number(Double)
        /// Left out, empty or null.
        case absent
    }

    /// The tool; any one of these.
    public var names: [String]
    /// What its arguments must be; others are free.
    public var arguments: [String: Argument]

    /// A call of one of these tools.
    public init(_ names: [String], arguments: [String: Argument] = [:]) {
        self.names = names
        self.arguments = arguments
    }
}

/// Scenarios with the rates that their gates must reach.
public struct ScenarioSet: Sendable, Equatable {
    /// In the order of their files.
    public var scenarios: [Scenario]
    /// The least rate of passing, for the gates that have one.
    public var thresholds: [QualityGate: Double]

    /// A set of these.
    public init(scenarios: [Scenario] = [], thresholds: [QualityGate: Double] = [:]) {
        self.scenarios = scenarios
        self.thresholds = thresholds
    }

    /// How many prompts each gate is judged by.
    public var promptCounts: [QualityGate: Int] {
        var counts: [QualityGate: Int] = [:]
        for turn in scenarios.flatMap(\.turns) where turn.scriptedReply == nil {
            for gate in turn.gates { counts[gate, default: 0] += 1 }
        }
        return counts
    }

    /// The scenarios that judge one of these gates; turns no longer judge the others.
    public func only(_ gates: Set<QualityGate>) -> ScenarioSet {
        var narrowed = ScenarioSet(thresholds: thresholds.filter { gates.contains($0.key) })
        for var scenario in scenarios {
            for index in scenario.turns.indices { scenario.turns[index].gates.removeAll { !gates.contains($0) } }
            if scenario.turns.contains(where: { !$0.gates.isEmpty }) { narrowed.scenarios.append(scenario) }
        }
        return narrowed
    }
}

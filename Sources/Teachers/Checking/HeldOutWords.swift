import Evaluation

/// What users say in the scenarios by which a persona is judged. Whoever is taught with it is no longer judged.
struct HeldOutWords: Sendable {
    private let all: Set<String>
    private let long: [String]
    private static let length = 5

    /// - Parameter paths: Files and folders of scenarios.
    /// - Throws: What is wrong with them.
    init(scenarios paths: [String]) throws {
        let scenarios = try paths.isEmpty ? ScenarioSet() : ScenarioSet(contentsOf: paths)
        let said = scenarios.scenarios.flatMap(\.turns).map(\.user)
        let words = said.map { Words($0).all }
        all = Set(words.map { $0.joined(separator: " ") })
        long = words.filter { $0.count >= Self.length }.map { " " + $0.joined(separator: " ") + " " }
    }

    /// Whether somebody says just this, or one of the longer of them among other words.
    func occur(in text: String) -> Bool {
        let words = Words(text).all.joined(separator: " ")
        return all.contains(words) || long.contains { (" " + words + " ").contains($0) }
    }
}

import Companion
import TrainingData

/// Makes a conversation of what a teacher wrote, or says why it is none to learn from.
package struct Judging: Sendable {
    private let check: SampleCheck
    private let staging: Staging

    /// - Parameter keptOut: Files and folders of scenarios whose words may not be taught.
    package init(persona: Persona, language: String = "English", keptOut: [String] = []) throws {
        check = SampleCheck(
            persona: persona, language: language, keptOut: try HeldOutWords(scenarios: keptOut))
        staging = Staging(persona: persona)
    }

    /// What was found beside what was asked for; one that is missing is refused too.
    func found(in text: String, for settings: [Setting]) -> [(found: ScriptReader.Found, setting: Setting)] {
        do throws(Rejection) {
            let scripts = try ScriptReader.scripts(in: text)
            return settings.enumerated().map { index, setting in
                let missing = Rejection("missing", "\(scripts.count) of \(settings.count) conversations")
                return (index < scripts.count ? scripts[index] : .failure(missing), setting)
            }
        } catch { return settings.map { (.failure(error), $0) } }
    }

    /// - Parameter examples: What the teacher was shown, and may not hand in as its own.
    func judged(
        _ found: ScriptReader.Found, in setting: Setting, as category: TaughtCategory, examples: [Script]
    ) async -> Result<TrainingConversation, Rejection> {
        do throws(Rejection) {
            let script = try found.get()
            try check.require(script, setting, examples: examples)
            let sample = try await staging.conversation(script, setting, category: category)
            try check.require(sample, script, setting, category: category)
            return .success(sample)
        } catch { return .failure(error) }
    }

    /// The first conversation of a text.
    package func judged(
        _ text: String, in setting: Setting, as category: TaughtCategory
    ) async -> Result<TrainingConversation, Rejection> {
        await judged(found(in: text, for: [setting])[0].found, in: setting, as: category, examples: [])
    }
}

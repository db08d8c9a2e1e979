import ArgumentParser
import Companion
import Foundation

/// `annie init`: three questions, and she knows whom she talks with.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Tell her who you are: three questions, written into your profile.")

    @Option(OptionTable.profile) var profile: String?
    @Flag(help: "Replace a profile that is there.") var force = false

    func run() throws {
        let file = URL(filePath: profile ?? CompanionArguments.usualProfile())
        guard force || !FileManager.default.fileExists(atPath: file.path) else {
            throw ValidationError("\(file.path) is there already. Edit it, or replace it with --force.")
        }
        var interview = ProfileInterview()
        while let question = interview.question {
            show("\(question)\n> ")
            guard let line = readLine() else { throw ValidationError("The answers ended before the questions did.") }
            if let objection = interview.answer(line) { show("\(objection)\n") }
        }
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        let data = Data(interview.profile.yaml.utf8)
        guard
            FileManager.default.createFile(
                atPath: file.path, contents: data, attributes: [.posixPermissions: 0o600])
        else { throw ValidationError("\(file.path) cannot be written.") }
        show("\nThank you. It stands in \(file.path), where you can change it. `annie up` starts her.\n")
    }
}

import ArgumentParser
import Foundation
import Locking
import TrainingData

/// `annie data check`: what is wrong with a dataset, by line.
struct DataCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Say which samples cannot be learned from, and which say the same, by line.",
        discussion: """
            With --model, also whether its template and tokenizer keep every reply exactly. Ends with status 1 if a sample \
            cannot be used; that two say the same is only told.
            """)

    @Argument(help: "A JSONL file.") var file: String
    @Option(help: "The share of common three-word runs from which on two samples are told to be alike.") var alike = 0.8
    @OptionGroup var encoding: DataEncodingArguments

    func run() async throws {
        guard alike > 0, alike <= 1 else { throw ValidationError("--alike must be above 0 and at most 1.") }
        let encoder = try await encoding.encoder()
        let counts = Locked<[SampleProblem.Kind: Int]>([:])
        let report: @Sendable (SampleProblem) -> Void = { problem in
            print("\(problem)")
            counts.withLock { $0[problem.kind, default: 0] += 1 }
        }
        var reader = try ConversationFile(path: file, policy: .skip(report: report))
        var duplicates = DuplicateFinder(threshold: alike)
        var good = 0, same = 0, near = 0
        while let conversation = try reader.next() {
            do throws(SampleProblem) { _ = try encoder?.encode(conversation) } catch {
                report(error)
                continue
            }
            good += 1
            switch duplicates.add(conversation) {
            case .exact(let line):
                same += 1
                print("\(conversation.line): says the same as line \(line)")
            case .near(let line, let share):
                near += 1
                print("\(conversation.line): is \(Int(share * 100))% like line \(line)")
            case nil: break
            }
        }
        note("\(good) of \(reader.sampleCount) samples can be used; \(same) say the same as another, \(near) nearly.")
        let problems = counts.withLock { $0 }
        for (kind, count) in problems.sorted(by: { $0.value > $1.value }) { note("  \(count) × \(kind.rawValue)") }
        if !problems.isEmpty { throw ExitCode.failure }
    }
}

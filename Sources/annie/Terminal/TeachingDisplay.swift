import Foundation
import JSON
import Teaching

/// A run's events for who watches: one line that is rewritten on a terminal, plain lines now and then elsewhere, JSON for
/// other programs.
struct TeachingDisplay {
    private let plan: TeachingPlan
    private let writesJSON: Bool
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private var heldOut = ""
    private var loss: Double?
    private var recent: [(tokens: Int, seconds: Double)] = []
    private var lastShown = -Double.infinity

    init(plan: TeachingPlan, writesJSON: Bool) {
        self.plan = plan
        self.writesJSON = writesJSON
    }

    mutating func show(_ event: TeachingEvent) {
        switch event {
        case .began: break
        case .step(let report):
            // A single step's loss jumps with its conversations.
            loss = loss.map { 0.9 * $0 + 0.1 * report.loss } ?? report.loss
            recent = recent.suffix(19) + [(report.tokens, report.seconds)]
            line(report.step)
            if writesJSON {
                write([
                    "event": "step", "step": .integer(report.step), "loss": .number(report.loss),
                    "learning_rate": .number(Double(report.learningRate)), "tokens": .integer(report.tokens),
                    "seconds": .number(report.seconds),
                ])
            }
        case .evaluated(let step, let report, let isBest):
            heldOut = String(
                format: "held out %.3f%@", report.divergence ?? report.crossEntropy, isBest ? "" : " (not best)")
            if writesJSON {
                write(["event": "evaluated", "step": .integer(step), "held_out_loss": .number(report.crossEntropy)])
            }
        case .saved(let step):
            if writesJSON { write(["event": "saved", "step": .integer(step)]) }
            if step == plan.steps, isTerminal { FileHandle.standardError.write(Data("\n".utf8)) }
        }
    }

    private mutating func line(_ step: Int) {
        let now = ProcessInfo.processInfo.systemUptime
        guard step == plan.steps || now - lastShown >= (isTerminal ? 0.1 : 30) else { return }
        lastShown = now
        let seconds = recent.reduce(0) { $0 + $1.seconds }
        let rate = seconds > 0 ? Double(recent.reduce(0) { $0 + $1.tokens }) / seconds : 0
        let left = Double(plan.steps - step) * seconds / Double(max(1, recent.count))
        let text = String(
            format: "step %d of %d  loss %.3f  %@  %.0f tok/s  %@ left", step, plan.steps, loss ?? 0, heldOut, rate,
            left < 120 ? String(format: "%.0f s", left) : String(format: "%.0f min", left / 60))
        FileHandle.standardError.write(Data((isTerminal ? "\r\u{1B}[K" + text : text + "\n").utf8))
    }

    private func write(_ event: JSONValue) {
        print(event.text(.compact))
        fflush(nil)
    }
}

extension TeachingPlan {
    /// What the run comes to, in a sentence or two.
    var text: String {
        let saving =
            plainTokensPerEpoch > tokensPerEpoch
            ? String(
                format: " for %d (beginnings that conversations share are computed once: %.1f × less)",
                plainTokensPerEpoch,
                Double(plainTokensPerEpoch) / Double(max(1, tokensPerEpoch))) : ""
        return "\(taught) conversations, \(heldOut) held out; \(tokensPerEpoch) tokens an epoch\(saving), of which "
            + "\(targetsPerEpoch) are learned; \(steps) steps\(firstStep > 0 ? ", going on after \(firstStep)" : ""); about "
            + "\(byteText(memory)) of memory."
    }
}

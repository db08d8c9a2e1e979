import Companion
import Foundation
import JSON
import TrainingData

/// Turns about the clock and sums.
extension Author {
    mutating func tellsTime(in scene: inout Scene) async {
        switch random.next(below: 10) {
        case 0..<5:
            let row = zones.draw(&random)
            say(phrase("zone", MomentBank.zoneFrames).replacing("{place}", with: row[0]), in: &scene)
            let result = await scene.call("current_time", JSONObject([("time_zone", .string(row[1]))]))
            scene.annie(
                phrase("zone answer", MomentBank.zoneAnswers).replacing("{place}", with: row[0])
                    .replacing("{time}", with: Self.clock(result)))
        case 5..<8:
            say(phrase("time", MomentBank.timeFrames), in: &scene)
            let result = await scene.call("current_time")
            scene.annie(phrase("time answer", MomentBank.timeAnswers).replacing("{time}", with: Self.clock(result)))
        default:
            say(phrase("date", MomentBank.dateFrames), in: &scene)
            let result = await scene.call("current_time")
            let parts = Self.line(result).split(separator: ", ").map(String.init)
            scene.annie(
                phrase("date answer", MomentBank.dateAnswers).replacing("{day}", with: parts[0])
                    .replacing("{date}", with: String(parts[1].split(separator: " ").dropLast().joined(separator: " ")))
            )
        }
    }

    /// `Tuesday, 3 March 2026, 14:05 (…)`
    private static func line(_ result: String) -> String {
        String(result.split(separator: "\n").last?.dropFirst(2) ?? "")
    }

    private static func clock(_ result: String) -> String {
        line(result).split(separator: ", ").dropFirst(2).first.map { String($0.prefix(5)) } ?? ""
    }

    mutating func adds(in scene: inout Scene) {
        let parts = phrase("sum", MomentBank.sums).split(separator: " = ").map(String.init)
        let kind = parts[1]
        let first = kind == "half" ? random.integer(3...40) * 2 : random.integer(6...60)
        let second = kind == "times" ? random.integer(2...9) : random.integer(2...first - 1)
        let words = parts[0].replacing("{a}", with: "\(first)").replacing("{b}", with: "\(second)")
        let value =
            switch kind {
            case "plus": first + second
            case "times": first * second
            case "minus": first - second
            case "half": first / 2
            default: first * 2
            }
        say(words, in: &scene)
        scene.annie(random.pick(["\(value).", "That's \(value).", "It's \(value)."]))
    }
}

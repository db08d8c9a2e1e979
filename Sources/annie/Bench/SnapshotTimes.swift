import Compute
import Foundation
import JSON

/// How long it takes to keep a sequence's recurrent state, and to go on from one that was kept.
package struct SnapshotTimes: Sendable {
    /// Bytes of one state.
    package let bytes: Int
    package let save: Measurement
    package let restore: Measurement

    /// Measures states of that layout; nil when it has none.
    package init?(layout: StateLayout, repeats: Int) {
        guard layout.recurrentBytes > 0 else { return nil }
        bytes = layout.recurrentBytes
        let pool = PagePool(layout: layout, byteLimit: layout.pageBytes * 4)
        let state = SequenceState(pool: pool)
        let clock = ContinuousClock()
        var samples: (save: [Double], restore: [Double]) = ([], [])
        // The first round warms the memory and is not counted.
        for round in 0...max(repeats, 5) {
            var start = clock.now
            // Layer by layer, as an executor fills it.
            let snapshot = state.snapshot()
            let save = (clock.now - start) / .seconds(1)
            start = clock.now
            let next = state.fork(at: 0, recurrent: snapshot)
            // The first write makes the state its own.
            next.recurrentState(layer: 0)[0] = Float(round)
            let restore = (clock.now - start) / .seconds(1)
            guard round > 0 else { continue }
            samples.save.append(save)
            samples.restore.append(restore)
        }
        save = Measurement(samples.save)
        restore = Measurement(samples.restore)
    }

    var json: JSONValue {
        .object(
            JSONObject([
                ("bytes", .integer(bytes)), ("save_seconds", save.json), ("restore_seconds", restore.json),
            ]))
    }

    var text: String {
        let milliseconds: (Double) -> String = { String(format: "%.2f", $0 * 1000) }
        return "recurrent state of \(byteText(bytes)): kept in \(save.text(milliseconds)) ms, "
            + "taken back in \(restore.text(milliseconds)) ms"
    }
}

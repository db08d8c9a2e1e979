import Foundation

extension BenchReport {
    /// The report as tables for a terminal.
    package var text: String {
        let kinds = formats.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        var lines = [
            "\(model), \(threads) threads; \(byteText(weightBytes)) of packed weights (\(kinds))",
            "memory bandwidth: \(byteText(Int(bandwidth)))/s over as many bytes, \(byteText(Int(largeBandwidth)))/s over 1 GiB",
            String(
                format: "products in bf16: %.0f billion multiply-adds per second; a prompt's token needs %.2f billion",
                products / 1e9, Double(productsPerToken) / 1e9),
            "", speedTable.text,
        ]
        if !conversation.isEmpty { lines += ["", conversationTable.text] }
        if let growth = firstTokenGrowth {
            lines.append(String(format: "growth from turn 2 to the last: %.2f ×", growth))
        }
        lines.append("")
        if let loadSeconds {
            lines.append("cold process to first token: \(loadSeconds.text { String(format: "%.3f", $0) }) s")
        }
        lines.append(
            String(format: "weights there after %.3f s (%@)", weightSeconds, mapsWeights ? "mapped" : "packed"))
        if let snapshot { lines.append(snapshot.text) }
        lines.append("peak memory: \(byteText(peakMemoryBytes))")
        return lines.joined(separator: "\n")
    }

    private var speedTable: TextTable {
        var table = TextTable(
            ("WORK", .left), ("TOK/S", .right), ("BYTES/TOKEN", .right), ("OF BANDWIDTH", .right),
            ("OF BF16 PRODUCTS", .right))
        func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
        for row in prefill {
            table.add(
                "prefill \(row.tokens)", row.tokensPerSecond.text(Self.whole), "", "", percent(productShare(row)))
        }
        for row in decode {
            table.add(
                "decode at depth \(row.depth)", row.tokensPerSecond.text(Self.whole), byteText(row.bytesPerToken),
                percent(bandwidthShare(row)), "")
        }
        return table
    }

    private var conversationTable: TextTable {
        var table = TextTable(("TURN", .right), ("PROMPT", .right), ("CACHED", .right), ("FIRST TOKEN, MS", .right))
        for row in conversation where row.turn <= 2 || row.turn % 5 == 0 {
            table.add(
                "\(row.turn)", "\(row.promptTokens)", "\(row.cachedTokens)",
                row.firstTokenSeconds.text { Self.whole($0 * 1000) })
        }
        return table
    }

    private static func whole(_ value: Double) -> String { String(format: "%.0f", value) }
}

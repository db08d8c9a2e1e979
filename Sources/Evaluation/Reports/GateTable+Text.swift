extension GateTable {
    /// For a terminal.
    public var text: String { ([title, ""] + aligned(cells)).joined(separator: "\n") }

    /// For a README.
    public var markdown: String {
        guard let head = cells.first else { return "" }
        let escaped = cells.map { $0.map { $0.replacing("|", with: "\\|") } }
        let rule = "| --- |" + String(repeating: " ---: |", count: head.count - 1)
        let lines = escaped.map { "| " + $0.joined(separator: " | ") + " |" }
        return (lines.prefix(1) + [rule] + lines.dropFirst()).joined(separator: "\n")
    }

    private var cells: [[String]] {
        let columns = columns
        return [columns.map(\.title)] + rows.map { row in columns.map { $0.cell(row) } }
    }
}

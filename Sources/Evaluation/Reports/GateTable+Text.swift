extension GateTable {
    /// For a terminal.
    public var text: String {
        ([title, ""] + aligned(cells) + (notes.isEmpty ? [] : [""]) + notes).joined(separator: "\n")
    }

    /// For a README.
    public var markdown: String {
        guard let head = cells.first else { return "" }
        let escaped = cells.map { $0.map { $0.replacing("|", with: "\\|") } }
        let rule = "| --- |" + String(repeating: " ---: |", count: head.count - 1)
        let lines = escaped.map { "| " + $0.joined(separator: " | ") + " |" }
        let below = notes.isEmpty ? [] : [""] + notes.map { "- \($0)" }
        return (lines.prefix(1) + [rule] + lines.dropFirst() + below).joined(separator: "\n")
    }

    private var cells: [[String]] {
        let columns = columns
        return [columns.map(\.title)] + rows.map { row in columns.map { $0.cell(row) } }
    }
}

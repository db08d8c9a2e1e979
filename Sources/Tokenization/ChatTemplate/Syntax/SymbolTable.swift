/// Numbers the names of a template while it is parsed.
struct SymbolTable: Sendable {
    private(set) var names: [String] = []
    private var ids: [String: Int] = [:]

    mutating func symbol(_ name: String) -> Symbol {
        if let id = ids[name] { return Symbol(id: id, text: name) }
        ids[name] = names.count
        names.append(name)
        return Symbol(id: names.count - 1, text: name)
    }

    func id(of name: String) -> Int? { ids[name] }
}

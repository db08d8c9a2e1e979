/// Names that models can call, made of whatever a server calls its tools.
enum MCPToolName {
    private static let maximumLength = 64

    /// Letters, digits and underscores, as many as endpoints allow.
    static func cleaned(_ name: String) -> String {
        let scalars = name.unicodeScalars.prefix(maximumLength).map { scalar -> Character in
            let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
            return isPlain ? Character(scalar) : "_"
        }
        return scalars.contains { $0 != "_" } ? String(scalars) : ""
    }

    /// The tool's own name where it is free, else with the server's before it, else with a number behind.
    static func free(_ name: String, of server: String, taken: Set<String>) -> String {
        let plain = cleaned(name)
        guard taken.contains(plain) else { return plain }
        let prefixed = String((cleaned(server) + "_" + plain).prefix(maximumLength))
        guard taken.contains(prefixed) else { return prefixed }
        let numbered = (2...).lazy.map { "\(prefixed.prefix(maximumLength - 5))_\($0)" }
        return numbered.first { !taken.contains($0) } ?? prefixed
    }
}

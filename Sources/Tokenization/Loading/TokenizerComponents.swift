import JSON

/// The components of `tokenizer.json` around the model.
extension TokenizerDefinition {
    // MARK: Normalizer

    static func normalizers(_ field: JSONField) throws(TokenizerError) -> [TextNormalizer] {
        let type = try field.type()
        if type == "Sequence" {
            var normalizers: [TextNormalizer] = []
            for element in try field.required("normalizers", "an array").elements() {
                normalizers += try Self.normalizers(element)
            }
            return normalizers
        }
        guard let normalizer = TextNormalizer(rawValue: type) else {
            let supported = ["Sequence"] + TextNormalizer.allCases.map(\.rawValue)
            throw .unsupported(component: field.path, found: type, supported: supported)
        }
        return [normalizer]
    }

    // MARK: Pretokenizer

    static func pretokenizer(_ root: JSONField) throws(TokenizerError) -> Pretokenizer {
        let field = try root.required("pre_tokenizer", "a pretokenizer that ends in ByteLevel")
        var reader = PretokenizerReader()
        try reader.read(field)
        guard reader.hasByteLevel else {
            throw .unsupported(
                component: field.path, found: "\(try field.type()) without ByteLevel",
                supported: ["a sequence that ends in ByteLevel"])
        }
        return Pretokenizer(steps: reader.steps)
    }

    // MARK: Decoder

    static func checkDecoder(_ field: JSONField?) throws(TokenizerError) {
        guard let field else { return }
        switch try field.type() {
        case "ByteLevel", "Fuse": return
        case "Sequence":
            for element in try field.required("decoders", "an array").elements() { try checkDecoder(element) }
        case let other:
            throw .unsupported(component: field.path, found: other, supported: ["ByteLevel", "Fuse", "Sequence"])
        }
    }

    // MARK: Post-processor

    static func affixes(_ field: JSONField?) throws(TokenizerError) -> SpecialTokenAffixes {
        guard let field else { return SpecialTokenAffixes() }
        switch try field.type() {
        case "ByteLevel": return SpecialTokenAffixes()
        case "TemplateProcessing": return try templateAffixes(field)
        case "Sequence":
            var affixes = SpecialTokenAffixes()
            for element in try field.required("processors", "an array").elements() {
                let inner = try Self.affixes(element)
                affixes.prefix = inner.prefix + affixes.prefix
                affixes.suffix += inner.suffix
            }
            return affixes
        case let other:
            throw .unsupported(
                component: field.path, found: other, supported: ["ByteLevel", "TemplateProcessing", "Sequence"])
        }
    }

    private static func templateAffixes(_ field: JSONField) throws(TokenizerError) -> SpecialTokenAffixes {
        var affixes = SpecialTokenAffixes()
        var isAfterText = false
        for item in try field.required("single", "an array").elements() {
            if item["Sequence"] != nil {
                guard !isAfterText else { throw item.mismatch("one sequence") }
                isAfterText = true
                continue
            }
            let special = try item.required("SpecialToken", "a SpecialToken or a Sequence")
            let name = try special.required("id", "a name").string()
            let token = try field.required("special_tokens", "an object").required(name, "the ids of \(name)")
            for id in try token.required("ids", "an array").elements() {
                guard let id = Int32(exactly: try id.integer()) else { throw id.mismatch("a token id") }
                if isAfterText { affixes.suffix.append(id) } else { affixes.prefix.append(id) }
            }
        }
        return affixes
    }
}

/// Flattens nested pretokenizers into steps.
private struct PretokenizerReader {
    private(set) var steps: [Pretokenizer.Step] = []
    private(set) var hasByteLevel = false

    private static let supported = ["ByteLevel", "Split", "Digits", "Sequence"]

    mutating func read(_ field: JSONField) throws(TokenizerError) {
        let type = try field.type()
        // What follows ByteLevel would see the byte-level alphabet instead of the text.
        guard !hasByteLevel else {
            throw .unsupported(
                component: field.path, found: "\(type) after ByteLevel", supported: ["ByteLevel as the last step"])
        }
        switch type {
        case "Sequence":
            for element in try field.required("pretokenizers", "an array").elements() { try read(element) }
        case "Digits":
            let isIndividual = try field.flag("individual_digits", false)
            try addSplit(RegexProgram(pattern: isIndividual ? #"\p{N}"# : #"\p{N}+"#))
        case "Split": try readSplit(field)
        case "ByteLevel":
            if try field.flag("add_prefix_space", true) { steps.append(.prefixSpace) }
            if try field.flag("use_regex", true) {
                try addSplit(RegexProgram(pattern: Pretokenizer.byteLevelPattern))
            }
            hasByteLevel = true
        default: throw .unsupported(component: field.path, found: type, supported: Self.supported)
        }
    }

    private mutating func addSplit(_ program: RegexProgram) { steps.append(.split(program, .isolated, inverts: false)) }

    private mutating func readSplit(_ field: JSONField) throws(TokenizerError) {
        let pattern = try field.required("pattern", "an object with Regex or String")
        let program: RegexProgram
        if let regex = pattern["Regex"] {
            program = try RegexProgram(pattern: regex.string())
        } else {
            program = try RegexProgram(literal: pattern.required("String", "a Regex or a String").string())
        }
        let behaviorField = try field.required("behavior", "what becomes of a match")
        let name = try behaviorField.string()
        guard let behavior = SplitBehavior(rawValue: name) else {
            throw .unsupported(
                component: behaviorField.path, found: name, supported: SplitBehavior.allCases.map(\.rawValue))
        }
        steps.append(.split(program, behavior, inverts: try field.flag("invert", false)))
    }
}

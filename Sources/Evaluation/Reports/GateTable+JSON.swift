import JSON

extension GateTable {
    /// For machines; ``init(json:)`` reads it.
    public var json: JSONValue {
        [
            "title": .string(title), "rows": .array(rows.map(\.json)), "notes": .array(notes.map(JSONValue.string)),
        ]
    }

    /// Reads what ``json`` wrote, so that rows measured on different days come into one table.
    ///
    /// - Throws: ``EvaluationError`` where it is not that.
    public init(json: JSONValue) throws {
        guard let title = json["title"]?.string, let rows = json["rows"]?.array else {
            throw EvaluationError.table(problem: "expected an object with \"title\" and \"rows\"")
        }
        self.init(
            title: title, rows: try rows.enumerated().map { try Row(json: $1, number: $0 + 1) },
            notes: json["notes"]?.array?.compactMap(\.string) ?? [])
    }
}

extension GateTable.Row {
    /// For machines; ``init(json:number:)`` reads it.
    public var json: JSONValue {
        var rates = JSONObject()
        for gate in QualityGate.allCases { if let rate = gates[gate] { rates[gate.rawValue] = rate.json } }
        return [
            "name": .string(name), "line": line.map(JSONValue.string) ?? .null,
            "dose": dose.map { ["learning_rate": .number($0.learningRate), "epochs": .number($0.epochs)] } ?? .null,
            "gates": .object(rates), "together": together?.json ?? .null,
            "average": average.map(JSONValue.number) ?? .null,
            "perplexity": perplexity.map(JSONValue.number) ?? .null,
            "kl": divergence.map(JSONValue.number) ?? .null, "bytes": bytes.map(JSONValue.integer) ?? .null,
            "tokens_per_second": tokensPerSecond.map(JSONValue.number) ?? .null,
            "first_text_ms": firstTextMilliseconds.map(JSONValue.number) ?? .null,
            "training_seconds": trainingSeconds.map(JSONValue.number) ?? .null,
        ]
    }

    /// Reads what ``json`` wrote.
    ///
    /// - Parameter number: which row of its table it is, for errors.
    /// - Throws: ``EvaluationError`` where it is not that.
    public init(json: JSONValue, number: Int = 1) throws {
        guard let name = json["name"]?.string else {
            throw EvaluationError.table(problem: "row \(number) has no \"name\"")
        }
        self.init(name, line: json["line"]?.string)
        if let rate = json["dose"]?["learning_rate"]?.double, let epochs = json["dose"]?["epochs"]?.double {
            dose = GateTable.Dose(learningRate: rate, epochs: epochs)
        }
        for (key, value) in json["gates"]?.object ?? JSONObject() {
            guard let gate = QualityGate(rawValue: key), let rate = Rate(json: value) else {
                throw EvaluationError.table(problem: "row \(number), \(name): the gate \"\(key)\" is not as written")
            }
            gates[gate] = rate
        }
        together = json["together"].flatMap(Rate.init)
        perplexity = json["perplexity"]?.double
        divergence = json["kl"]?.double
        bytes = json["bytes"]?.integer
        tokensPerSecond = json["tokens_per_second"]?.double
        firstTextMilliseconds = json["first_text_ms"]?.double
        trainingSeconds = json["training_seconds"]?.double
    }
}

extension Rate {
    /// Reads what `json` wrote; nil where it is not that.
    init?(json: JSONValue) {
        guard let passed = json["passed"]?.integer, let total = json["total"]?.integer,
            let prompts = json["prompts"]?.integer, total >= 0, (0...total).contains(passed),
            (0...total).contains(prompts)
        else { return nil }
        self.init(passed: passed, total: total, prompts: prompts)
    }
}

import JSON

/// The tools that come with the companion.
public enum BuiltinTools {
    /// All of them, in the order the model sees them.
    ///
    /// - Parameter search: Where the web is searched; nil when no service is configured, which the tool then says.
    public static func all(store: any CompanionStoring, search: WebSearchService?) -> [any Tool] {
        [
            WebSearchTool(service: search), SearchMemoryTool(store: store), RememberTool(store: store),
            SaveNoteTool(store: store), ListNotesTool(store: store), DeleteNoteTool(store: store), CurrentTimeTool(),
        ]
    }

    /// Their names.
    public static let names = [
        "web_search", "search_memory", "remember", "save_note", "list_notes", "delete_note", "current_time",
    ]
}

/// Builds the schemas of small argument objects.
enum ToolSchema {
    static func string(_ description: String) -> JSONValue {
        ["type": "string", "description": .string(description)]
    }

    static func integer(_ description: String) -> JSONValue {
        ["type": "integer", "description": .string(description)]
    }

    static func object(_ properties: [(String, JSONValue)], required: [String] = []) -> JSONValue {
        [
            "type": "object", "properties": .object(JSONObject(properties)),
            "required": .array(required.map(JSONValue.string)),
        ]
    }
}

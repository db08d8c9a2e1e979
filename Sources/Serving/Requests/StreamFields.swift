/// Whether and how a reply is streamed.
struct StreamFields {
    var isStreaming: Bool
    /// Send the usage in one more chunk at the end.
    var includesUsage: Bool
    /// Send the usage so far in every chunk.
    var continuousUsage: Bool

    init(_ fields: inout RequestFields) throws(APIError) {
        isStreaming = try fields.bool("stream") ?? false
        let options = try fields.object("stream_options")
        if options != nil && !isStreaming {
            throw .invalid("stream_options", "can only be given with stream=true")
        }
        var inner = RequestFields(options ?? .init(), path: "stream_options.")
        includesUsage = try inner.bool("include_usage") ?? false
        continuousUsage = try inner.bool("continuous_usage_stats") ?? false
    }
}

import Hummingbird
import Logging
import NIOCore

/// What a handler of the server knows about its request beside the request itself.
public struct ServingContext: RequestContext {
    /// What Hummingbird knows about the request.
    public var coreContext: CoreRequestContextStorage
    let channel: any Channel
    /// Names the request in logs and replies.
    var requestID = ""
    /// What the access log will say about the reply.
    var record = RequestRecord()

    /// The context of a request that came by this channel.
    public init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }
}

import Serving

/// What is printed once she is there: where to open her page.
struct Welcome {
    let name: String
    let server: ServerOptions

    var text: String {
        """

          \(name) is there. Open

        \(pages.map { "    " + $0 }.joined(separator: "\n"))

          and press the microphone, or type. The OpenAI API is at \(server.address)/v1.

        Ctrl-C stops her.
        """
    }

    /// On this machine, and where she listens to others, on theirs.
    private var pages: [String] {
        var hosts: [String] = []
        if ["0.0.0.0", "::"].contains(server.host) {
            hosts = HomeCertificate.localAddresses().filter { $0 != "127.0.0.1" }
        }
        let start = server.tls == nil ? "http" : "https"
        return ([server.address] + hosts.map { "\(start)://\($0):\(server.port)" }).map { $0 + "/" + token }
    }

    /// The page takes the key from here; it is not sent to any server.
    private var token: String {
        guard let key = server.apiKeys.first else { return "" }
        let plain = key.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-._~".contains($0)) }
        return plain ? "#token=\(key)" : ""
    }
}

// Answers calls and gives back what it hears: sound, and text as it came.
//
// Signalling is one JSON object a line. In: {"sdp", "connectionID"?, "restarts"?}, {"statistics": ID}, {"close": ID},
// {"usage": true}. Out: one line for each, and nothing else. Arguments: [HOST [PORT]].

import Foundation
import JSON
import Logging
import WebRTC

LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
let arguments = CommandLine.arguments
let host = arguments.count > 1 ? arguments[1] : "127.0.0.1"
let port = arguments.count > 2 ? Int(arguments[2]) ?? 0 : 0
let echo = Echo(WebRTCServer(options: WebRTCOptions(host: host, port: port), logger: Logger(label: "echo")))
try await echo.start()
while let line = readLine() {
    let reply: JSONValue
    do {
        reply = try await echo.reply(to: JSONValue(parsing: line.utf8))
    } catch {
        reply = ["error": .string("\(error)")]
    }
    FileHandle.standardOutput.write(Data((reply.text() + "\n").utf8))
}
await echo.stop()

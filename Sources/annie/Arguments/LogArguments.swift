import ArgumentParser
import Logging
import Serving

/// How much is logged, and in what form.
struct LogArguments: ParsableArguments {
    @Option(OptionTable.logLevel) var logLevel: LogLevel?
    @Option(OptionTable.logFormat) var logFormat: LogFormat?

    func logger(_ configuration: Configuration) throws -> Logger {
        let format = try configuration.value(OptionTable.logFormat, logFormat)
        let level = try configuration.value(OptionTable.logLevel, logLevel)
        var logger = Logger(label: "annie") { label in
            switch format {
            case .text: StreamLogHandler.standardError(label: label)
            case .json: JSONLogHandler(label: label)
            }
        }
        logger.logLevel = Logger.Level(rawValue: level.rawValue) ?? .info
        return logger
    }
}

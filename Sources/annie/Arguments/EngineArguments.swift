import ArgumentParser
import Foundation
import Inference
import ModelHub
import Models

/// The options of everything that runs a model.
struct EngineArguments: ParsableArguments {
    @Option(OptionTable.dtype) var dtype: ComputeType?
    @Option(OptionTable.threads) var threads: Int?
    @Option(OptionTable.maxModelLength) var maxModelLength: Int?
    @Option(OptionTable.maxSequences) var maxSequences: Int?
    @Option(OptionTable.maxBatchedTokens) var maxBatchedTokens: Int?
    @Option(OptionTable.cacheMemory) var cacheMemory: ByteSize?
    @Option(OptionTable.cacheType) var cacheType: CacheType?
    @Flag(OptionTable.enablePrefixCaching) var enablePrefixCaching: Bool?
    @Option(OptionTable.snapshotMemory) var snapshotMemory: ByteSize?
    @Option(OptionTable.snapshotDirectory) var snapshotDirectory: String?
    @Option(OptionTable.guessedTokens) var guessedTokens: Int?
    @Option(OptionTable.weightCache) var weightCache: String?
    @Option(OptionTable.maxQueue) var maxQueue: Int?

    func engineOptions(_ configuration: Configuration) throws -> EngineOptions {
        var options = EngineOptions()
        options.threads = try configuration.optional(OptionTable.threads, threads)
        options.loading.dataType =
            switch try configuration.value(OptionTable.dtype, dtype) {
            case .auto: .auto
            case .float32: .float32
            case .bfloat16: .bfloat16
            }
        options.loading.stateFormat =
            switch try configuration.value(OptionTable.cacheType, cacheType) {
            case .auto: nil
            case .float32: .float32
            case .bfloat16: .bfloat16
            case .int8: .int8
            }
        options.maximumModelLength = try configuration.optional(OptionTable.maxModelLength, maxModelLength)
        options.maximumSequences = try configuration.value(OptionTable.maxSequences, maxSequences)
        options.maximumBatchedTokens = try configuration.value(OptionTable.maxBatchedTokens, maxBatchedTokens)
        options.stateMemory = try configuration.value(OptionTable.cacheMemory, cacheMemory).bytes
        options.reusesPrefixes = try configuration.value(OptionTable.enablePrefixCaching, enablePrefixCaching)
        options.snapshotMemory = try configuration.value(OptionTable.snapshotMemory, snapshotMemory).bytes
        options.snapshotDirectory = try configuration.optional(OptionTable.snapshotDirectory, snapshotDirectory)
            .map { URL(filePath: $0) }
        options.guessedTokens = try configuration.value(OptionTable.guessedTokens, guessedTokens)
        options.loading.packedDirectory =
            switch try configuration.optional(OptionTable.weightCache, weightCache) {
            case "none"?: nil
            case let path?: URL(filePath: (path as NSString).expandingTildeInPath)
            case nil: ModelLocations().packed
            }
        options.queueLimit = try configuration.value(OptionTable.maxQueue, maxQueue)
        return options
    }
}

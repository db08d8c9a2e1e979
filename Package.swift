// swift-tools-version: 6.2
import PackageDescription

let swift: [SwiftSetting] = [.swiftLanguageMode(.v6)]

// Tests are compiled as they are written, also beside optimised libraries: it halves their build.
let tests = swift + [.unsafeFlags(["-Onone"], .when(configuration: .release))]

// The kernels are always optimised: unoptimised intrinsics would make a debug test run take hours.
let optimised: [CSetting] = [.unsafeFlags(["-O3", "-fno-math-errno"])]

let package = Package(
    name: "annie",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "annie", targets: ["annie"]),
        .library(name: "Inference", targets: ["Inference"]),
        .library(name: "Serving", targets: ["Serving"]),
        .library(name: "Training", targets: ["Training"]),
        .library(name: "Checkpoints", targets: ["Checkpoints"]),
        .library(name: "Tokenization", targets: ["Tokenization"]),
        .library(name: "NVFP4", targets: ["NVFP4"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        // Without its traits: they bring a configuration package that nothing here uses.
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-docc-plugin", exact: "1.5.0"),
    ],
    targets: [
        // Foundations.
        .target(name: "JSON", swiftSettings: swift),
        .target(name: "Locking", swiftSettings: swift),
        .target(name: "CKernels", cSettings: optimised),
        .target(name: "NVFP4", dependencies: ["CKernels"], swiftSettings: swift),

        // Outside bytes.
        .target(name: "Checkpoints", dependencies: ["JSON", "NVFP4"], swiftSettings: swift),
        .target(name: "Tokenization", dependencies: ["JSON", "Locking"], swiftSettings: swift),
        .target(
            name: "ModelHub",
            dependencies: [
                "JSON", "Locking", "Checkpoints", "Tokenization",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: swift),

        // The engine.
        .target(name: "Compute", dependencies: ["CKernels", "NVFP4"], swiftSettings: swift),
        .target(name: "Models", dependencies: ["JSON", "Compute", "Checkpoints"], swiftSettings: swift),
        .target(
            name: "Inference",
            dependencies: [
                "JSON", "Locking", "Models", "Tokenization", .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: swift),

        .target(
            name: "Calibration", dependencies: ["JSON", "CKernels", "NVFP4", "Checkpoints", "Compute", "Models"],
            swiftSettings: swift),

        // Teaching.
        .target(
            name: "Training", dependencies: ["JSON", "CKernels", "NVFP4", "Checkpoints", "Compute", "Models"],
            swiftSettings: swift),
        .target(name: "TrainingData", dependencies: ["JSON", "Tokenization"], swiftSettings: swift),
        .target(
            name: "DataGeneration", dependencies: ["JSON", "Locking", "Companion", "TrainingData"], swiftSettings: swift
        ),
        .target(
            name: "Teachers",
            dependencies: [
                "JSON", "Locking", "Companion", "Evaluation", "TrainingData", "DataGeneration",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: swift),
        .target(
            name: "Teaching",
            dependencies: [
                "JSON", "Locking", "NVFP4", "Compute", "Checkpoints", "Calibration", "Training", "TrainingData",
                "Tokenization", "Inference", "Companion",
            ],
            swiftSettings: swift),

        // The surface.
        .target(
            name: "Serving",
            dependencies: [
                "JSON", "Locking", "Inference", "Tokenization",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: swift),

        // The conversation and the voice.
        .target(
            name: "Companion",
            dependencies: [
                "JSON", "Locking",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: swift),
        .target(
            name: "Evaluation",
            dependencies: [
                "JSON", "Locking", "Companion",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: swift),
        .target(name: "CSpeech"),
        .target(
            name: "Speech",
            dependencies: ["CSpeech", "JSON", "Locking", .product(name: "Logging", package: "swift-log")],
            swiftSettings: swift),
        .target(
            name: "CRealtime",
            linkerSettings: ["ssl", "crypto", "srtp2", "usrsctp", "opus"].map { .linkedLibrary($0) }),
        .target(
            name: "WebRTC",
            dependencies: [
                "CRealtime", "Locking",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: swift),
        .target(
            name: "Voice",
            dependencies: [
                "JSON", "Locking", "Companion", "Speech", "WebRTC", .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: swift),
        .target(
            name: "Gateway",
            dependencies: [
                "JSON", "Locking", "Serving", "Inference", "Companion", "Speech", "WebRTC", "Voice",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: swift),

        .executableTarget(
            name: "annie",
            dependencies: [
                "Gateway", "Voice", "Companion", "Speech", "WebRTC", "CRealtime",
                "Teaching", "Training", "TrainingData", "DataGeneration", "Teachers", "Evaluation",
                "Serving", "Inference", "Models", "Compute", "Calibration", "Checkpoints", "ModelHub", "NVFP4",
                "Tokenization", "JSON",
                "Locking",
                "CKernels",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: swift),

        // Tests mirror the targets.
        .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: tests),
        .testTarget(name: "LockingTests", dependencies: ["Locking"], swiftSettings: tests),
        .testTarget(name: "CKernelsTests", dependencies: ["CKernels"], swiftSettings: tests),
        .testTarget(name: "NVFP4Tests", dependencies: ["NVFP4", "Checkpoints"], swiftSettings: tests),
        .testTarget(
            name: "CheckpointsTests", dependencies: ["Checkpoints", "NVFP4", "CKernels", "JSON", "Locking"],
            swiftSettings: tests),
        .testTarget(name: "TokenizationTests", dependencies: ["Tokenization", "JSON"], swiftSettings: tests),
        .testTarget(
            name: "ModelHubTests",
            dependencies: [
                "ModelHub", "Checkpoints", "Tokenization", "JSON", "Locking",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: tests),
        .testTarget(name: "ComputeTests", dependencies: ["Compute"], swiftSettings: tests),
        .testTarget(
            name: "ModelsTests", dependencies: ["Models", "Compute", "Checkpoints", "CKernels", "JSON"],
            swiftSettings: tests),
        .testTarget(
            name: "InferenceTests",
            dependencies: ["Inference", "Models", "Checkpoints", "Tokenization", "JSON", "Locking"],
            swiftSettings: tests),
        .testTarget(
            name: "CalibrationTests",
            dependencies: ["Calibration", "Training", "Models", "Compute", "Checkpoints", "NVFP4", "JSON"],
            swiftSettings: tests),
        .testTarget(
            name: "TrainingTests",
            dependencies: ["Training", "Compute", "Checkpoints", "Models", "Inference", "NVFP4", "CKernels", "JSON"],
            swiftSettings: tests),
        .testTarget(
            name: "TrainingDataTests", dependencies: ["TrainingData", "Tokenization", "JSON", "Locking"],
            swiftSettings: tests),
        .testTarget(
            name: "DataGenerationTests",
            dependencies: ["DataGeneration", "TrainingData", "Companion", "Inference", "Tokenization", "JSON"],
            swiftSettings: tests),
        .testTarget(
            name: "TeachersTests",
            dependencies: [
                "Teachers", "DataGeneration", "TrainingData", "Companion", "JSON", "Locking",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: tests),
        .testTarget(
            name: "TeachingTests",
            dependencies: [
                "Teaching", "Calibration", "Training", "TrainingData", "Tokenization", "Compute", "Companion", "JSON",
            ],
            swiftSettings: tests),
        .testTarget(
            name: "ServingTests",
            dependencies: [
                "Serving", "Inference", "Tokenization", "JSON", "Locking",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: tests),
        .testTarget(
            name: "CompanionTests",
            dependencies: [
                "Companion", "JSON", "Locking",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: tests),
        .testTarget(
            name: "EvaluationTests",
            dependencies: [
                "Evaluation", "Companion", "JSON", "Locking",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: tests),
        .testTarget(
            name: "SpeechTests",
            dependencies: ["Speech", "CSpeech", "JSON", "Locking", .product(name: "Logging", package: "swift-log")],
            swiftSettings: tests),
        .testTarget(
            name: "WebRTCTests",
            dependencies: [
                "WebRTC", "CRealtime", "Locking",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: tests),
        .testTarget(
            name: "VoiceTests",
            dependencies: [
                "Voice", "JSON", "Locking", "Companion", "Speech", "WebRTC",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: tests),
        .testTarget(
            name: "GatewayTests",
            dependencies: [
                "Gateway", "Voice", "Companion", "Speech", "WebRTC", "CRealtime", "Serving", "JSON", "Locking",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: tests),
        .testTarget(name: "annieTests", dependencies: ["annie", "Inference", "JSON"], swiftSettings: tests),
    ]
)

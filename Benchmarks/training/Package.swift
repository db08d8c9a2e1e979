// swift-tools-version: 6.2
import PackageDescription

// Outside of the main package, so that nobody who builds Annie builds her benchmarks.
let package = Package(
    name: "training-speed",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "annie", path: "../..")],
    targets: [
        .executableTarget(
            name: "training-speed",
            dependencies: [
                .product(name: "Training", package: "annie"), .product(name: "Compute", package: "annie"),
            ],
            swiftSettings: [.swiftLanguageMode(.v6)])
    ]
)

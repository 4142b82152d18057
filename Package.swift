// swift-tools-version: 6.1
import PackageDescription

/// The rooms of the house and the arrows between them; `docs/architecture.md` holds the same table,
/// and `scripts/check-architecture` fails on any difference.
let package = Package(
  name: "cairn",
  products: [
    .executable(name: "cairn", targets: ["cairn"]),
    .library(
      name: "CairnRooms",
      targets: [
        "HTTPMessages", "JSONText", "ModelTraining", "NumericKernels", "Datasets", "SearchAlgorithms", "PruningRules",
        "SearchSpace",
      ]),
    .library(name: "CairnSearchTables", targets: ["SearchTables"]),
    .library(name: "CairnFuzzTargets", targets: ["FuzzTargets"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: [
    .executableTarget(
      name: "cairn",
      dependencies: [
        "TuningAPI", "HTTPServer", "StudyStoreSQLite", "TrialExecution", "TrainedModels", "Studies", "StudyDefinitions",
        "ModelTraining", "NumericKernels", "DatasetImports", "DataFacts", "Datasets", "Fetching", "HTTPMessages",
        "SearchSpace", "WorkerAgent", "APIClient",
        "Promises", "CSystem",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ]),
    .target(
      name: "TuningAPI",
      dependencies: [
        "Studies", "StudyDefinitions", "SearchAlgorithms", "Analysis", "DataFacts", "HTTPMessages", "Compression",
        "JSONText",
        "SearchSpace", "Digests", "Promises", "ExactText",
      ],
      resources: [.embedInCode("Resources")]),
    .target(
      name: "HTTPServer",
      dependencies: ["HTTPMessages", "Promises", "CSystem", .product(name: "Logging", package: "swift-log")]),
    .target(
      name: "StudyStoreSQLite",
      dependencies: [
        "Studies", "StudyDefinitions", "SearchAlgorithms", "SearchSpace", "JSONText", "Promises", "ExactText",
        "CSystem", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      resources: [.embedInCode("migrations")]),
    .target(
      name: "TrialExecution",
      dependencies: [
        "Studies", "ModelTraining", "Datasets", "StudyDefinitions", "PruningRules", "SearchSpace", "Digests",
        "Promises",
        "CSystem", .product(name: "Logging", package: "swift-log"),
      ]),
    .target(
      name: "DatasetImports",
      dependencies: [
        "Studies", "StudyDefinitions", "DataFacts", "Datasets", "Fetching", "Promises",
        .product(name: "Logging", package: "swift-log"),
      ]),
    .target(
      name: "TrainedModels",
      dependencies: ["Studies", "StudyDefinitions", "ModelTraining", "Datasets", "JSONText", "Promises"]),
    .target(name: "Analysis", dependencies: ["Studies", "StudyDefinitions", "SearchSpace", "JSONText"]),
    .target(
      name: "Studies",
      dependencies: [
        "StudyDefinitions", "SearchAlgorithms", "PruningRules", "SearchSpace", "DataFacts", "JSONText", "Promises",
        "ExactText", .product(name: "Logging", package: "swift-log"),
      ]),
    .target(name: "StudyDefinitions", dependencies: ["DataFacts", "SearchSpace", "JSONText", "ExactText"]),
    .target(name: "DataFacts"),
    .target(name: "SearchAlgorithms", dependencies: ["SearchSpace", "NumericKernels", "Promises"]),
    .target(name: "PruningRules", dependencies: ["SearchSpace"]),
    .target(
      name: "ModelTraining", dependencies: ["SearchSpace", "NumericKernels", "Datasets", "JSONText", "Promises"]),
    .target(name: "Datasets", dependencies: ["DataFacts", "Compression", "Digests", "ExactText", "Promises", "CHDF5"]),
    .target(name: "HTTPMessages"),
    .target(name: "JSONText", dependencies: ["ExactText"]),
    .target(name: "ExactText"),
    .target(name: "Digests", dependencies: ["CCrypto"]),
    .target(name: "NumericKernels", dependencies: ["CKernels"]),
    .target(name: "CKernels"),
    .target(name: "Promises"),
    .target(name: "SearchSpace", dependencies: ["ExactText"]),
    .target(name: "Compression", dependencies: ["CZlib"]),
    .target(name: "Fetching", dependencies: ["Digests", "Promises", "CCurl"]),
    .target(name: "WorkerAgent", dependencies: ["APIClient", "JSONText", "Promises", "CSystem"]),
    .target(name: "APIClient", dependencies: ["CCurl"]),
    .target(name: "CSystem"),
    .systemLibrary(name: "CHDF5", pkgConfig: "hdf5-serial", providers: [.apt(["libhdf5-dev"])]),
    .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(
      name: "TestSupport",
      dependencies: [
        "Studies", "StudyDefinitions", "PruningRules", "DataFacts", "SearchSpace", "JSONText", "Promises",
      ],
      path: "Tests/TestSupport"),
    .target(name: "SearchTables", dependencies: ["SearchAlgorithms", "SearchSpace"], path: "Tests/SearchTables"),
    .target(
      name: "FuzzTargets", dependencies: ["HTTPMessages", "JSONText", "Datasets", "Compression"],
      path: "Tests/FuzzTargets"),
    .testTarget(name: "FuzzTargetsTests", dependencies: ["FuzzTargets"]),
    .testTarget(name: "cairnTests", dependencies: ["cairn", "Promises"]),
    .testTarget(name: "HTTPMessagesTests", dependencies: ["HTTPMessages"]),
    .testTarget(
      name: "HTTPServerTests",
      dependencies: ["HTTPServer", "HTTPMessages", "TuningAPI", "Studies", "Promises", "TestSupport"]),
    .testTarget(name: "ExactTextTests", dependencies: ["ExactText"]),
    .testTarget(name: "DigestsTests", dependencies: ["Digests"]),
    .testTarget(name: "JSONTextTests", dependencies: ["JSONText"]),
    .testTarget(name: "NumericKernelsTests", dependencies: ["NumericKernels"]),
    .testTarget(name: "PromisesTests", dependencies: ["Promises"]),
    .testTarget(name: "SearchSpaceTests", dependencies: ["SearchSpace"]),
    .testTarget(name: "SearchAlgorithmsTests", dependencies: ["SearchAlgorithms", "SearchSpace", "NumericKernels"]),
    .testTarget(name: "PruningRulesTests", dependencies: ["PruningRules", "SearchSpace"]),
    .testTarget(name: "SearchTablesTests", dependencies: ["SearchTables", "SearchAlgorithms", "SearchSpace"]),
    .testTarget(
      name: "WorkerAgentTests", dependencies: ["WorkerAgent", "APIClient", "JSONText", "Promises", "CSystem"]),
    .testTarget(name: "APIClientTests", dependencies: ["APIClient", "Promises"]),
    .testTarget(name: "FetchingTests", dependencies: ["Fetching", "Digests", "Promises"]),
    .testTarget(name: "DatasetsTests", dependencies: ["DataFacts", "Datasets", "Compression", "Promises"]),
    .testTarget(
      name: "DatasetImportsTests",
      dependencies: ["DatasetImports", "Studies", "DataFacts", "Datasets", "Fetching", "Promises", "TestSupport"]),
    .testTarget(
      name: "ModelTrainingTests",
      dependencies: ["ModelTraining", "NumericKernels", "Datasets", "SearchSpace"]),
    .testTarget(
      name: "ModelContractTests",
      dependencies: [
        "ModelTraining", "TrainedModels", "NumericKernels", "Studies", "Datasets", "JSONText", "SearchSpace",
      ]),
    .testTarget(
      name: "StudyDefinitionsTests",
      dependencies: ["StudyDefinitions", "DataFacts", "SearchSpace", "JSONText", "ExactText", "ModelTraining"]),
    .testTarget(
      name: "StudiesTests",
      dependencies: ["Studies", "StudyDefinitions", "PruningRules", "SearchSpace", "JSONText", "TestSupport"]),
    .testTarget(
      name: "StudyStoreSQLiteTests",
      dependencies: ["StudyStoreSQLite", "Studies", "ExactText", "Promises", "TestSupport"]),
    .testTarget(
      name: "TrialExecutionTests",
      dependencies: [
        "TrialExecution", "Studies", "StudyDefinitions", "ModelTraining", "Datasets", "PruningRules", "SearchSpace",
        "Promises", "TestSupport",
      ]),
    .testTarget(
      name: "TrainedModelsTests",
      dependencies: ["TrainedModels", "Studies", "ModelTraining", "Datasets"]),
    .testTarget(
      name: "AnalysisTests",
      dependencies: [
        "Analysis", "Studies", "StudyDefinitions", "SearchAlgorithms", "SearchSpace", "JSONText", "TestSupport",
      ]),
    .testTarget(
      name: "TuningAPITests",
      dependencies: [
        "TuningAPI", "Studies", "StudyDefinitions", "DataFacts", "HTTPMessages", "JSONText", "Promises", "TestSupport",
      ]),
  ],
  swiftLanguageModes: [.v6]
)

// What is tested is optimized, in a release; the tests themselves are compiled sooner without that, but for those that
// compute much to compare with.
let computing = [
  "DatasetsTests", "ModelContractTests", "ModelTrainingTests", "NumericKernelsTests", "SearchAlgorithmsTests",
  "SearchSpaceTests",
]
for target in package.targets where target.type == .test && !computing.contains(target.name) {
  target.swiftSettings = [.unsafeFlags(["-Onone"])]
}

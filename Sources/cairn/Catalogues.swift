import DataFacts
import DatasetImports
import Datasets
import Foundation
import ModelTraining
import SearchSpace
import Studies
import StudyDefinitions
import TrainedModels
import TrialExecution

/// What definitions may name, gathered from the catalogues of models, algorithms and data sets.
struct Catalogues: Sendable {
  let datasets: DatasetCatalogue
  let context: DefinitionContext

  init(folder: String?, shelf: DatasetShelf, trialMemory: Int) {
    let datasets = DatasetCatalogue(folder: folder, shelf: shelf, examine: ExaminingProcess().examine)
    self.datasets = datasets
    context = DefinitionContext(
      dataset: { name in try? datasets.facts(of: name) },
      datasetNames: { datasets.names },
      models: ModelCatalogue.all.map(Self.facts), algorithms: AlgorithmFacts.catalogue,
      pruningRules: PruningFacts.catalogue,
      automatic: AlgorithmFacts.automatic,
      trialMemory: Double(trialMemory), numerics: ModelCatalogue.numerics, scoredExamples: Self.scored)
  }

  /// Looks trials up in the tables of the catalogue.
  var lookup: TableLookup { TableLookup(dataset: content) }

  /// Trains trials on the data sets of the catalogue, and keeps models in a folder; those of tables are looked up.
  func trainer(models: ModelFolder, lookup: TableLookup) -> LocalPool.Trainer {
    let trainer = ModelTrainer(keep: models.keep, dataset: content)
    return { work in work.definition.source == .table ? lookup.prepare(work) : trainer.prepare(work) }
  }

  /// Judges the models of a folder on the data sets of the catalogue.
  func evaluator(models: ModelFolder) -> TrialEvaluations {
    TrialEvaluations(folder: models, split: { $0.forTraining }, dataset: content)
  }

  /// Reads the content that a study was made for: the name may mean another by now.
  private var content: @Sendable (_ name: String, _ sha256: String) throws -> Dataset {
    { [datasets] name, sha256 in try datasets.dataset(sha256: sha256, of: name) }
  }

  /// How many examples of each class a split scores its trials on.
  @Sendable
  private static func scored(_ dataset: DatasetFacts, _ split: TrainingSplit) -> [Int] {
    let classes = dataset.examplesPerClass
    switch split.split {
    case .second, .test: return dataset.secondPartExamplesPerClass
    case .holdout(let share, _): return Split.heldOut(ofClasses: classes, share: share, test: split.setAside)
    case .folds:
      guard let share = split.setAside else { return classes }
      return zip(classes, Split.setAside(ofClasses: classes, share: share)).map { $0 - $1 }
    }
  }

  private static func facts(_ model: any TrainableModel.Type) -> ModelFacts {
    ModelFacts(
      kind: model.kind, summary: model.summary, parameters: model.parameters, repeated: model.repeated,
      progressSetting: model.progressSetting,
      memory: { settings, dataset, split in
        model.memory(
          settings: settings, data: DataShape(dataset), split: split.forTraining)
      },
      operations: { settings, dataset, split, repeats in
        model.operations(
          settings: settings, data: DataShape(dataset), split: split.forTraining, repeats: repeats)
      },
      refusal: { model.refusal(of: DataShape($0)) },
      infeasibility: { model.infeasibility($0, data: DataShape($1)) })
  }
}

/// What trials cost, from the models' own estimates.
struct CatalogueCosts: TrialCosts {
  let context: DefinitionContext

  func progressSetting(_ definition: ResolvedDefinition) -> String? {
    context.models.first { $0.kind == definition.modelKind }?.progressSetting
  }

  func operations(_ definition: ResolvedDefinition, at point: Point) -> Double {
    guard let model = context.models.first(where: { $0.kind == definition.modelKind }),
      let dataset = context.dataset(definition.dataset)
    else { return 1 }
    let settings = definition.settings(for: point, repeated: model.repeated)
    return model.operations(settings, dataset, definition.trainingSplit, definition.repeats)
  }
}

extension DataShape {
  /// The sizes of a data set that validation knows.
  init(_ facts: DatasetFacts) {
    self.init(
      examples: facts.examples, secondPartExamples: facts.secondPartExamples, shape: facts.shape,
      classes: facts.classes.count)
  }
}

import JSONText
import Studies

/// How a trial's networks did, as a caller sees it.
struct EvaluationView {
  var evaluation: TrialEvaluation
  var repetition: Int
  var repeats: Int
  /// What the addresses of pictures begin with; nil where examples are not pictures.
  var pictures: String?

  func write(to writer: inout JSONWriter) {
    let classes = evaluation.classes
    writer.object { writer in
      writer.array("classes", of: classes) { $1.string($0) }
      writer.member("part", evaluation.part.rawValue)
      writer.member("examples", evaluation.support.reduce(0, +))
      writer.member("repeat", repetition)
      writer.member("accuracy", evaluation.accuracy)
      writer.member("loss", evaluation.loss)
      writer.array("folds", of: evaluation.folds) { fold, writer in
        writer.object { writer in
          writer.member("examples", fold.examples)
          writer.member("accuracy", fold.accuracy)
          writer.member("loss", fold.loss)
        }
      }
      if let confusion = evaluation.confusion {
        writer.array("confusion", of: classes.indices) { label, writer in
          writer.array(of: classes.indices) { $1.integer(confusion[label * classes.count + $0]) }
        }
      } else {
        writer.member("confusion", JSONValue.null)
      }
      writer.array("per_class", of: classes.indices) { write($0, to: &$1) }
      writer.array("mistakes", of: evaluation.mistakes) { write($0, to: &$1) }
      writer.member("detail", detail)
    }
  }

  private func write(_ label: Int, to writer: inout JSONWriter) {
    let (right, support) = (evaluation.right[label], evaluation.support[label])
    let predicted = evaluation.predicted[label]
    writer.object { writer in
      writer.member("class", evaluation.classes[label])
      writer.member("precision", predicted > 0 ? Double(right) / Double(predicted) : nil)
      writer.member("recall", support > 0 ? Double(right) / Double(support) : nil)
      // The harmonic mean of both: 2 · right / (predicted + support).
      writer.member("f1", predicted + support > 0 ? Double(2 * right) / Double(predicted + support) : nil)
      writer.member("support", support)
      writer.member("predicted", predicted)
    }
  }

  private func write(_ mistake: TrialEvaluation.Mistake, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("index", mistake.index)
      writer.member("part", evaluation.part.rawValue)
      writer.member("fold", mistake.fold)
      writer.member("class", evaluation.classes[mistake.label])
      writer.member("predicted", evaluation.classes[mistake.predicted])
      writer.member("loss", mistake.loss)
      writer.array("probabilities", of: mistake.probabilities) { $1.number($0) }
      writer.member("picture", pictures.map { "\($0)\(mistake.index).png?part=\(evaluation.part.rawValue)" })
    }
  }

  /// On which examples it rests.
  private var detail: String {
    let examples = evaluation.support.reduce(0, +)
    var text = "\(examples) examples of the data set's \(evaluation.part.rawValue) part"
    text +=
      evaluation.folds.count > 1
      ? ", each judged by the network of the fold that left it out; accuracy and loss are means over "
        + "\(evaluation.folds.count) folds."
      : " that the network was not trained on."
    if repeats > 1 { text += " This is repeat \(repetition) of \(repeats), counted from 0." }
    let differences = evaluation.differences
    if differences > 0 {
      text +=
        " The matrix is counted in double precision, which decides \(differences) "
        + "\(differences == 1 ? "example" : "examples") otherwise than the training did."
    }
    return text
  }
}

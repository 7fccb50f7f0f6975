namespace EdgeInference.ModelConverter.Evaluate;

/// <summary>One point of a ROC or precision-recall curve: what the threshold gives.</summary>
/// <param name="X">ROC: false positive rate. Precision-recall: recall.</param>
/// <param name="Y">ROC: true positive rate. Precision-recall: precision.</param>
/// <param name="Threshold">Label 1 when the probability is at least this; +∞ where nothing is labelled 1.</param>
internal readonly record struct CurvePoint(double X, double Y, float Threshold);

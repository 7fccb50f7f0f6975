using EdgeInference.ModelConverter.DecisionTuning;

namespace EdgeInference.ModelConverter.Pipeline;

/// <summary>What tuning chose.</summary>
/// <param name="Settings">The decision records.</param>
/// <param name="Options">What was asked for.</param>
/// <param name="Rows">Number of rows that were tuned on.</param>
internal sealed record TunedDecisions(DecisionSettings Settings, DecisionOptions Options, int Rows);

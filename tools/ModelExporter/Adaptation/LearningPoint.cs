namespace EdgeInference.Tool.Adaptation;

/// <summary>How well a model decides after some samples.</summary>
/// <param name="Samples">Samples that were learned in this run.</param>
/// <param name="Rows">Rows that both heads were tried on.</param>
/// <param name="Factory">Share of them that the factory's head decides rightly; null for no rows.</param>
/// <param name="Adapted">Share of them that the model decides rightly, by the adapted head unless it has fallen back; null for no rows.</param>
/// <param name="SelfTestFactory">Self-test samples that the factory's head has right.</param>
/// <param name="SelfTestAdapted">Self-test samples that the adapted head has right.</param>
/// <param name="IsAdapted">Whether the adapted head decides.</param>
/// <param name="LogitChange">The greatest change of a logit on the rows of this run.</param>
internal sealed record LearningPoint(int Samples, int Rows, double? Factory, double? Adapted, int SelfTestFactory, int SelfTestAdapted, bool IsAdapted, double LogitChange);

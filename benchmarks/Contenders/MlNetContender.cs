using EdgeInference.Benchmarks.Models;
using Microsoft.ML;

namespace EdgeInference.Benchmarks.Contenders;

/// <summary>ML.NET, one row at a time through its PredictionEngine, the objects of rows and answer made before.</summary>
/// <param name="context">Where the model was trained.</param>
/// <param name="model">What was trained.</param>
/// <param name="rows">What is asked.</param>
/// <param name="isProbability">Whether the model's probability is compared, or its score.</param>
internal sealed class MlNetContender(MLContext context, ITransformer model, RowSet rows, bool isProbability) : ModelContender(Engine.MlNet, rows, 1)
{
    private readonly PredictionEngine<MlNetRow, MlNetAnswer> engine = context.Model.CreatePredictionEngine<MlNetRow, MlNetAnswer>(model);
    private readonly MlNetRow[] inputs = [.. Enumerable.Range(0, rows.Count).Select(i => new MlNetRow { Features = rows.Values.AsSpan(i * rows.Length, rows.Length).ToArray() })];
    private MlNetAnswer answer = new();

    public override void Run(int times)
    {
        for (int i = 0; i < times; i++)
        {
            engine.Predict(inputs[Take()], ref answer);
            Output[0] = isProbability ? answer.Probability : answer.Score;
        }
    }

    public override void Dispose() => engine.Dispose();
}

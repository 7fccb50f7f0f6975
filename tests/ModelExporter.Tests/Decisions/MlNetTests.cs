using Microsoft.ML;

namespace ModelExporter.Tests.Decisions;

/// <summary>What ML.NET trains, exported by its own converter, held to ML.NET's own PredictedLabel.</summary>
[Collection("console")]
public sealed class MlNetTests : IDisposable
{
    private readonly DecisionCheck check = new();
    private readonly string folder = Directory.CreateTempSubdirectory("edge-mlnet-").FullName;

    public static TheoryData<string> BinaryTrainers => [.. MlNetModels.Binary.Keys];

    public static TheoryData<string> SeveralTrainers => [.. MlNetModels.Several.Keys];

    public void Dispose()
    {
        check.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [MemberData(nameof(BinaryTrainers))]
    public void Every_row_is_decided_as_a_binary_trainer_does(string trainer) => check.Check(MlNetModels.OfTwo(trainer, folder, ml => ml.Transforms
        .Concatenate("Features", MlNetModels.TwoFeatures)
        .Append(MlNetModels.Binary[trainer](ml.BinaryClassification))));

    [Theory]
    [MemberData(nameof(SeveralTrainers))]
    public void Every_row_is_decided_as_a_trainer_for_several_classes_does(string trainer) => check.Check(MlNetModels.OfThree(trainer, folder, ml => ml.Transforms
        .Concatenate("Features", MlNetModels.ThreeFeatures)
        .Append(MlNetModels.Several[trainer](ml.MulticlassClassification, ml)), toText: true));
}

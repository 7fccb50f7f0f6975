using Microsoft.ML;
using Microsoft.ML.Transforms;

namespace EdgeInference.Tool.Tests.Decisions;

/// <summary>What ML.NET trains, exported by its own converter, held to ML.NET's own PredictedLabel.</summary>
public sealed class MlNetTests : IDisposable
{
    // The converter cannot write NormalizeBinning and NormalizeLogMeanVariance, and writes a graph that reads itself for ProjectToPrincipalComponents.
    private static readonly Dictionary<string, Func<MLContext, IEstimator<ITransformer>>> Steps = new()
    {
        ["NormalizeMinMax"] = ml => Features(ml).Append(ml.Transforms.NormalizeMinMax("Features")).Append(ml.BinaryClassification.Trainers.LbfgsLogisticRegression()),
        ["NormalizeMeanVariance"] = ml => Features(ml).Append(ml.Transforms.NormalizeMeanVariance("Features", fixZero: false)).Append(ml.BinaryClassification.Trainers.SdcaLogisticRegression(maximumNumberOfIterations: 20)),
        ["NormalizeRobustScaling"] = ml => Features(ml).Append(ml.Transforms.NormalizeRobustScaling("Features")).Append(ml.BinaryClassification.Trainers.AveragedPerceptron()),
        ["NormalizeLpNorm"] = ml => Features(ml).Append(ml.Transforms.NormalizeLpNorm("Features")).Append(ml.BinaryClassification.Trainers.LbfgsLogisticRegression()),
        ["ReplaceMissingValues"] = ml => Features(ml).Append(ml.Transforms.ReplaceMissingValues("Features", replacementMode: MissingValueReplacingEstimator.ReplacementMode.Mean)).Append(ml.BinaryClassification.Trainers.FastTree(numberOfTrees: 4, numberOfLeaves: 4)),
        ["AveragedPerceptron with Platt"] = ml => Features(ml).Append(ml.BinaryClassification.Trainers.AveragedPerceptron()).Append(ml.BinaryClassification.Calibrators.Platt()),
        ["LinearSvm with Platt"] = ml => Features(ml).Append(ml.Transforms.NormalizeMinMax("Features")).Append(ml.BinaryClassification.Trainers.LinearSvm()).Append(ml.BinaryClassification.Calibrators.Platt()),
        ["FastForest with Platt"] = ml => Features(ml).Append(ml.BinaryClassification.Trainers.FastForest(numberOfTrees: 6, numberOfLeaves: 4)).Append(ml.BinaryClassification.Calibrators.Platt()),
        ["LinearSvm with fixed Platt"] = ml => Features(ml).Append(ml.BinaryClassification.Trainers.LinearSvm()).Append(ml.BinaryClassification.Calibrators.Platt(slope: -0.02, offset: 1.5)),
        ["LightGbm"] = ml => Features(ml).Append(ml.BinaryClassification.Trainers.LightGbm(numberOfIterations: 6, numberOfLeaves: 5)),
        ["OneHotEncoding"] = ml => ml.Transforms.Categorical.OneHotEncoding([new("mitoses"), new("clump_thickness")]).Append(Features(ml)).Append(ml.BinaryClassification.Trainers.LbfgsLogisticRegression()),
    };

    private readonly DecisionCheck check = new();
    private readonly string folder = Directory.CreateTempSubdirectory("edge-mlnet-").FullName;

    public static TheoryData<string> BinaryTrainers => [.. MlNetModels.Binary.Keys];

    public static TheoryData<string> Pipelines => [.. Steps.Keys];

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
    [MemberData(nameof(Pipelines))]
    public void Every_row_is_decided_as_a_pipeline_does(string steps) => check.Check(MlNetModels.OfTwo(steps, folder, Steps[steps]));

    [Fact]
    public void Rows_with_gaps_are_decided_as_the_pipeline_that_fills_them_does() => check.Check(MlNetModels.OfTwo("gaps", folder, Steps["ReplaceMissingValues"], gaps: true));

    [Fact]
    public void Classes_have_their_texts_where_the_label_stays_a_key() => check.Check(MlNetModels.OfThree(
        "key", folder, ml => ml.Transforms.Concatenate("Features", MlNetModels.ThreeFeatures).Append(ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy()), toText: false));

    [Fact]
    public void Classes_that_are_numbers_keep_them() => check.Check(MlNetModels.OfThree(
        "numbers", folder, ml => ml.Transforms.Concatenate("Features", MlNetModels.ThreeFeatures).Append(ml.MulticlassClassification.Trainers.LightGbm(numberOfIterations: 4, numberOfLeaves: 4)), toText: true, ["30", "7", "12"]));

    [Theory]
    [MemberData(nameof(SeveralTrainers))]
    public void Every_row_is_decided_as_a_trainer_for_several_classes_does(string trainer) => check.Check(MlNetModels.OfThree(trainer, folder, ml => ml.Transforms
        .Concatenate("Features", MlNetModels.ThreeFeatures)
        .Append(MlNetModels.Several[trainer](ml.MulticlassClassification, ml)), toText: true));

    private static ColumnConcatenatingEstimator Features(MLContext ml) => ml.Transforms.Concatenate("Features", MlNetModels.TwoFeatures);
}

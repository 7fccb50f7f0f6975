using EdgeInference.ModelFormat;

namespace EdgeInference.Benchmarks.Cases;

/// <summary>The models that are compared. One that cannot be made is left out, with the reason on standard error.</summary>
internal static class ModelCases
{
    /// <summary>Every model, or those whose name contains a text.</summary>
    internal static IEnumerable<ModelCase> All(string only)
    {
        foreach ((string name, Func<ModelCase> create) in TrainedCases.All.Concat(DrawnCases.All).Concat(MlNetCases.All).Concat(TreeCases.All).Concat(FunctionCases.All))
        {
            ModelCase? model = null;
            try
            {
                model = name.Contains(only, StringComparison.OrdinalIgnoreCase) ? create() : null;
            }
            catch (Exception failure) when (failure is InputException or ModelFormatException or FileNotFoundException or DllNotFoundException)
            {
                Console.Error.WriteLine($"{name} is left out: {failure.Message}");
            }

            if (model is not null)
            {
                yield return model;
            }
        }
    }
}

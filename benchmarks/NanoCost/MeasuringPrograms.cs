using System.Globalization;
using System.Text;

namespace EdgeInference.Benchmarks.NanoCost;

/// <summary>
/// C# for nanoFramework that loads models and runs each twice. It writes a line before and after the second run, so that a count of
/// the machine's instructions at each line says what a run takes.
/// </summary>
internal static class MeasuringPrograms
{
    // A byte array's elements lie in the assembly's own data, which is limited.
    private const int MostBytes = 40_000;

    /// <summary>Programs with all models, as many in each as an assembly holds.</summary>
    internal static IEnumerable<string> Make(IEnumerable<(string Name, byte[] File)> models)
    {
        var group = new List<(string Name, byte[] File)>();
        foreach ((string name, byte[] file) in models)
        {
            if (group.Sum(model => model.File.Length) + file.Length > MostBytes && group.Count > 0)
            {
                yield return Program(group);
                group.Clear();
            }

            group.Add((name, file));
        }

        if (group.Count > 0)
        {
            yield return Program(group);
        }
    }

    private static string Program(List<(string Name, byte[] File)> models)
    {
        var text = new StringBuilder("""
            using System;
            using EdgeInference.Nano;

            public static class Program
            {
                public static void Main()
                {

            """);
        for (int i = 0; i < models.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"        Measure(\"{models[i].Name}\", Model{i}());\n");
        }

        text.Append("""
                }

                private static void Measure(string name, byte[] file)
                {
                    NanoSession session = new NanoSession(NanoModel.Load(file));
                    float[] input = new float[session.InputLength];
                    float[] output = new float[session.OutputLength];
                    for (int i = 0; i < input.Length; i++)
                    {
                        input[i] = 0.01f * (i % 17);
                    }

                    session.Run(input, output);
                    session.Run(input, output);
                    Console.WriteLine("MODEL " + name);
                    Console.WriteLine("BEFORE");
                    Console.WriteLine("BETWEEN");
                    session.Run(input, output);
                    Console.WriteLine("AFTER");
                }

            """);
        for (int i = 0; i < models.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n    private static byte[] Model{i}()\n    {{\n        return new byte[] {{ {string.Join(", ", models[i].File)} }};\n    }}\n");
        }

        return text.Append("}\n").ToString();
    }
}

using System.Globalization;
using System.Text;

namespace EdgeInference.Benchmarks.NanoCost;

/// <summary>
/// C# for nanoFramework that loads models and runs each twice. It writes a line before and after the second run, so that a count of
/// the machine's instructions at each line says what a run takes.
/// </summary>
internal static class MeasuringPrograms
{
    /// <summary>What follows the name of a model whose weights are read in chunks.</summary>
    internal const string Chunks = "_chunks";

    // A byte array's elements lie in the assembly's own data, which is limited.
    private const int MostBytes = 40_000;

    /// <summary>Programs with all models, as many in each as an assembly holds.</summary>
    internal static IEnumerable<string> Make(IEnumerable<(string Name, byte[] File, bool IsChunked)> models)
    {
        var group = new List<(string Name, byte[] File, bool IsChunked)>();
        foreach ((string name, byte[] file, bool isChunked) in models)
        {
            if (group.Sum(model => model.File.Length) + file.Length > MostBytes && group.Count > 0)
            {
                yield return Program(group);
                group.Clear();
            }

            group.Add((name, file, isChunked));
        }

        if (group.Count > 0)
        {
            yield return Program(group);
        }
    }

    private static string Program(List<(string Name, byte[] File, bool IsChunked)> models)
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
            text.Append(CultureInfo.InvariantCulture, $"        Measure(\"{models[i].Name}\", new NanoSession(NanoModel.Load(Model{i}())));\n");
            if (models[i].IsChunked)
            {
                text.Append(CultureInfo.InvariantCulture, $"        file = Model{i}();\n        Measure(\"{models[i].Name}{Chunks}\", new NanoSession(NanoModel.Load(Read, file.Length)));\n");
            }
        }

        text.Append("""
                }

                private static byte[] file;

                private static byte[] Read(int offset, int count)
                {
                    byte[] part = new byte[count];
                    Array.Copy(file, offset, part, 0, count);
                    return part;
                }

                private static void Measure(string name, NanoSession session)
                {
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

using System.Collections;
using System.Reflection;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Tests;

namespace EdgeInference.Runtime.Tests;

/// <summary>Nobody outside can change what the reader checked: kernels read tensors by it without a check of their own.</summary>
public sealed class PublicSurfaceTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static TheoryData<string> Types => [.. new[] { typeof(ModelFile), typeof(EdgeModel) }.SelectMany(type => type.Assembly.GetExportedTypes()).Select(type => type.AssemblyQualifiedName!)];

    [Fact]
    public void Models_sessions_and_classifiers_are_among_what_is_public()
    {
        foreach (Type type in new[] { typeof(ModelFile), typeof(TensorInfo), typeof(EdgeModel), typeof(Session), typeof(Classifier) })
        {
            Assert.Contains(type.AssemblyQualifiedName, Types.Select(row => row.Data));
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_public_type_hands_out_no_array_and_no_field_that_can_be_written(string name)
    {
        Type type = Type.GetType(name, throwOnError: true)!;
        foreach (FieldInfo field in type.GetFields(Declared).Where(field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly))
        {
            Assert.False(field.FieldType.IsArray, $"{type.Name}.{field.Name} is an array.");
            Assert.True(field.IsLiteral || field.IsInitOnly || field.Name == "value__", $"{type.Name}.{field.Name} can be written.");
        }

        foreach (PropertyInfo property in type.GetProperties(Declared))
        {
            MethodInfo? getter = property.GetMethod;
            bool isVisible = getter is { IsPublic: true } or { IsFamily: true } or { IsFamilyOrAssembly: true };
            Assert.False(isVisible && property.PropertyType.IsArray, $"{type.Name}.{property.Name} is an array.");
        }
    }

    [Fact]
    public void The_tensors_of_a_model_cannot_be_replaced()
    {
        using EdgeModel model = EdgeModel.Load(SampleModel.Float32());

        Assert.Throws<NotSupportedException>(() => ((IList)model.Inputs)[0] = model.Outputs[0]);
        Assert.Throws<NotSupportedException>(() => ((IList)model.Outputs)[0] = model.Inputs[0]);
    }

    [Fact]
    public void A_model_lists_its_tensors_and_operators_in_the_order_of_the_file()
    {
        using EdgeModel model = EdgeModel.Load(SampleModel.Float32());
        ModelFile file = model.File;

        Assert.Equal(file.Tensors, Enumerable.Range(0, file.TensorCount).Select(file.Tensor));
        Assert.Equal(file.Operators, Enumerable.Range(0, file.OperatorCount).Select(file.Operator));
        Assert.Equal(file.Inputs, Enumerable.Range(0, file.InputCount).Select(file.Input));
        Assert.Equal(file.Outputs, Enumerable.Range(0, file.OutputCount).Select(file.Output));
        Assert.Equal(file.Inputs, model.Inputs);
        Assert.Equal(file.Outputs, model.Outputs);
        Assert.Equal([1, 3], model.Inputs[0].Shape);
        Assert.Equal([1, 1], model.Outputs[0].Shape);
    }

    [Fact]
    public void An_operator_lists_its_inputs_and_outputs()
    {
        OperatorRecord record = ModelFile.Read(new ModelBytes(SampleModel.Float32())).Operator(0);

        Assert.Equal("Dense", record.Name);
        Assert.Equal(record.Inputs, Enumerable.Range(0, record.InputCount).Select(record.Input));
        Assert.Equal(record.Outputs, Enumerable.Range(0, record.OutputCount).Select(record.Output));
        Assert.Equal([1, 2], record.Output(0).Shape);
    }
}

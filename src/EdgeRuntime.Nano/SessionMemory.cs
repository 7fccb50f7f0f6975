using System;
using EdgeInference.ModelFormat;

namespace EdgeInference.Nano
{
    /// <summary>
    /// The arrays that hold a session's tensors. Without pointers one arena cannot hold several types, so tensors of one type
    /// that start at one arena offset share an array; the planner gave them that place because they are never alive together,
    /// or because they are the same elements in another shape.
    /// </summary>
    internal sealed class SessionMemory
    {
        private readonly ModelFile file;
        private readonly Array[] arrays;

        internal SessionMemory(ModelFile file)
        {
            this.file = file;
            arrays = new Array[file.Tensors.Length];
            for (int i = 0; i < arrays.Length; i++)
            {
                if (file.Tensors[i].Storage != TensorStorage.Constant)
                {
                    arrays[i] = FirstLike(i) < i ? arrays[FirstLike(i)] : Make(file.Tensors[i].Type, LargestLike(i));
                }
            }
        }

        /// <summary>Whether tensors of the type have a place; every type does but in an engine that 'edge emit --engine' wrote.</summary>
        internal static bool Holds(TensorType type)
        {
            switch (type)
            {
                case TensorType.Float32: return true;
                case TensorType.Int8: return true;
                case TensorType.Int16: return true;
                case TensorType.Int32: return true;
                case TensorType.Int64: return true;
                default: return false;
            }
        }

        /// <summary>Elements of a float32 tensor, from index 0; the array may be longer.</summary>
        internal float[] Floats(TensorInfo tensor)
        {
            return (float[])Elements(tensor);
        }

        /// <summary>Elements of an int8 tensor.</summary>
        internal sbyte[] Int8s(TensorInfo tensor)
        {
            return (sbyte[])Elements(tensor);
        }

        /// <summary>Elements of an int16 tensor.</summary>
        internal short[] Int16s(TensorInfo tensor)
        {
            return (short[])Elements(tensor);
        }

        /// <summary>Elements of an int32 tensor.</summary>
        internal int[] Int32s(TensorInfo tensor)
        {
            return (int[])Elements(tensor);
        }

        /// <summary>Elements of an int64 tensor.</summary>
        internal long[] Int64s(TensorInfo tensor)
        {
            return (long[])Elements(tensor);
        }

        /// <summary>Elements of a tensor of any type; a constant is copied out of the file when it is first asked for.</summary>
        internal Array Elements(TensorInfo tensor)
        {
            if (arrays[tensor.Index] == null)
            {
                arrays[tensor.Index] = Read(tensor);
            }

            return arrays[tensor.Index];
        }

        /// <summary>Sets what the model keeps between inferences back to zero.</summary>
        internal void Reset()
        {
            for (int i = 0; i < arrays.Length; i++)
            {
                if (file.Tensors[i].Storage == TensorStorage.State)
                {
                    Array.Clear(arrays[i], 0, file.Tensors[i].Elements);
                }
            }
        }

        private bool Alike(int a, int b)
        {
            TensorInfo left = file.Tensors[a];
            TensorInfo right = file.Tensors[b];
            return left.Type == right.Type && left.Storage == right.Storage && left.Offset == right.Offset;
        }

        private int FirstLike(int tensor)
        {
            int i = 0;
            while (!Alike(i, tensor))
            {
                i++;
            }

            return i;
        }

        private int LargestLike(int tensor)
        {
            int elements = 0;
            for (int i = tensor; i < file.Tensors.Length; i++)
            {
                if (Alike(i, tensor) && file.Tensors[i].Elements > elements)
                {
                    elements = file.Tensors[i].Elements;
                }
            }

            return elements;
        }

        private static Array Make(TensorType type, int elements)
        {
            switch (type)
            {
                case TensorType.Float32: return new float[elements];
                case TensorType.Int8: return new sbyte[elements];
                case TensorType.Int16: return new short[elements];
                case TensorType.Int32: return new int[elements];
                case TensorType.Int64: return new long[elements];
                default: return null;
            }
        }

        private Array Read(TensorInfo tensor)
        {
            ModelBytes bytes = file.Bytes;
            int n = tensor.Elements;
            int offset = tensor.Offset;
            switch (tensor.Type)
            {
                case TensorType.Float32:
                    float[] floats = new float[n];
                    for (int i = 0; i < n; i++)
                    {
                        floats[i] = bytes.F32(offset + (i * 4));
                    }

                    return floats;
                case TensorType.Int8:
                    sbyte[] int8s = new sbyte[n];
                    for (int i = 0; i < n; i++)
                    {
                        int8s[i] = (sbyte)bytes.U8(offset + i);
                    }

                    return int8s;
                case TensorType.Int16:
                    short[] int16s = new short[n];
                    for (int i = 0; i < n; i++)
                    {
                        int16s[i] = (short)bytes.U16(offset + (i * 2));
                    }

                    return int16s;
                case TensorType.Int32:
                    int[] int32s = new int[n];
                    for (int i = 0; i < n; i++)
                    {
                        int32s[i] = bytes.I32(offset + (i * 4));
                    }

                    return int32s;
                case TensorType.Int64:
                    long[] int64s = new long[n];
                    for (int i = 0; i < n; i++)
                    {
                        int64s[i] = bytes.I64(offset + (i * 8));
                    }

                    return int64s;
                default:
                    return null;
            }
        }
    }
}

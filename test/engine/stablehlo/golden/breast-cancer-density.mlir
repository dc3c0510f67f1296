// sparse-logistic-regression density: float64, 64 chains, up to 1 iterations
// takes %0: count count int32[]
// takes %1: input z float64[64,61]
// gives output log_density float64[64]
// gives output gradient float64[64,61]
module @manychain {
  func.func public @main(%0: tensor<i32>, %1: tensor<64x61xf64>) -> (tensor<64xf64>, tensor<64x61xf64>) {
    %2 = stablehlo.slice %1 [0:64, 0:1] : (tensor<64x61xf64>) -> tensor<64x1xf64>
    %3 = stablehlo.reshape %2 : (tensor<64x1xf64>) -> tensor<64xf64>
    %4 = stablehlo.constant dense<-0.5> : tensor<f64>
    %5 = stablehlo.broadcast_in_dim %4, dims = [] : (tensor<f64>) -> tensor<64xf64>
    %6 = stablehlo.multiply %3, %5 : tensor<64xf64>
    %7 = func.call @exp_64(%3) : (tensor<64xf64>) -> tensor<64xf64>
    %8 = stablehlo.constant dense<0.5> : tensor<f64>
    %9 = stablehlo.broadcast_in_dim %8, dims = [] : (tensor<f64>) -> tensor<64xf64>
    %10 = stablehlo.multiply %7, %9 : tensor<64xf64>
    %11 = stablehlo.subtract %6, %10 : tensor<64xf64>
    %12 = stablehlo.constant dense<-0.9189385332046727> : tensor<f64>
    %13 = stablehlo.broadcast_in_dim %12, dims = [] : (tensor<f64>) -> tensor<64xf64>
    %14 = stablehlo.add %11, %13 : tensor<64xf64>
    %15 = stablehlo.add %14, %3 : tensor<64xf64>
    %16 = stablehlo.slice %1 [0:64, 1:31] : (tensor<64x61xf64>) -> tensor<64x30xf64>
    %17 = func.call @exp_64_30(%16) : (tensor<64x30xf64>) -> tensor<64x30xf64>
    %18 = stablehlo.slice %1 [0:64, 31:61] : (tensor<64x61xf64>) -> tensor<64x30xf64>
    %19 = stablehlo.multiply %18, %18 : tensor<64x30xf64>
    %20 = stablehlo.constant dense<0.9189385332046727> : tensor<f64>
    %21 = stablehlo.constant dense<"0x… (4552 bytes, sha256 d3d985dd6cb9d869…)"> : tensor<569xf64>
    %22 = stablehlo.constant dense<"0x… (136560 bytes, sha256 044eec50285690da…)"> : tensor<569x30xf64>
    %23 = stablehlo.constant dense<1.0> : tensor<f64>
    %24 = stablehlo.constant dense<0.0> : tensor<64xf64>
    %25 = stablehlo.constant dense<0.0> : tensor<64x61xf64>
    %26 = stablehlo.constant dense<0> : tensor<i32>
    %27:3 = stablehlo.while(%28 = %26, %29 = %24, %30 = %25) : tensor<i32>, tensor<64xf64>, tensor<64x61xf64>
    cond {
      %31 = stablehlo.compare LT, %28, %0, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %31 : tensor<i1>
    } do {
      %32 = stablehlo.broadcast_in_dim %4, dims = [] : (tensor<f64>) -> tensor<30xf64>
      %33 = stablehlo.broadcast_in_dim %32, dims = [1] : (tensor<30xf64>) -> tensor<64x30xf64>
      %34 = stablehlo.multiply %16, %33 : tensor<64x30xf64>
      %35 = stablehlo.broadcast_in_dim %8, dims = [] : (tensor<f64>) -> tensor<30xf64>
      %36 = stablehlo.broadcast_in_dim %35, dims = [1] : (tensor<30xf64>) -> tensor<64x30xf64>
      %37 = stablehlo.multiply %17, %36 : tensor<64x30xf64>
      %38 = stablehlo.subtract %34, %37 : tensor<64x30xf64>
      %39 = stablehlo.broadcast_in_dim %12, dims = [] : (tensor<f64>) -> tensor<30xf64>
      %40 = stablehlo.broadcast_in_dim %39, dims = [1] : (tensor<30xf64>) -> tensor<64x30xf64>
      %41 = stablehlo.add %38, %40 : tensor<64x30xf64>
      %42 = stablehlo.add %41, %16 : tensor<64x30xf64>
      %43 = stablehlo.constant dense<0.0> : tensor<f64>
      %44 = stablehlo.reduce(%42 init: %43) applies stablehlo.add across dimensions = [1] : (tensor<64x30xf64>, tensor<f64>) -> tensor<64xf64>
      %45 = stablehlo.add %15, %44 : tensor<64xf64>
      %46 = stablehlo.multiply %19, %33 : tensor<64x30xf64>
      %47 = stablehlo.broadcast_in_dim %20, dims = [] : (tensor<f64>) -> tensor<30xf64>
      %48 = stablehlo.broadcast_in_dim %47, dims = [1] : (tensor<30xf64>) -> tensor<64x30xf64>
      %49 = stablehlo.subtract %46, %48 : tensor<64x30xf64>
      %50 = stablehlo.reduce(%49 init: %43) applies stablehlo.add across dimensions = [1] : (tensor<64x30xf64>, tensor<f64>) -> tensor<64xf64>
      %51 = stablehlo.add %45, %50 : tensor<64xf64>
      %52 = stablehlo.broadcast_in_dim %7, dims = [0] : (tensor<64xf64>) -> tensor<64x30xf64>
      %53 = stablehlo.multiply %52, %17 : tensor<64x30xf64>
      %54 = stablehlo.multiply %53, %18 : tensor<64x30xf64>
      %55 = stablehlo.dot_general %54, %22, contracting_dims = [1] x [1], precision = [HIGHEST, HIGHEST] : (tensor<64x30xf64>, tensor<569x30xf64>) -> tensor<64x569xf64>
      %56 = stablehlo.broadcast_in_dim %21, dims = [1] : (tensor<569xf64>) -> tensor<64x569xf64>
      %57 = stablehlo.multiply %56, %55 : tensor<64x569xf64>
      %58 = func.call @softplus_64_569(%55) : (tensor<64x569xf64>) -> tensor<64x569xf64>
      %59 = stablehlo.subtract %57, %58 : tensor<64x569xf64>
      %60 = stablehlo.reduce(%59 init: %43) applies stablehlo.add across dimensions = [1] : (tensor<64x569xf64>, tensor<f64>) -> tensor<64xf64>
      %61 = stablehlo.add %51, %60 : tensor<64xf64>
      %62 = func.call @sigmoid_64_569(%55) : (tensor<64x569xf64>) -> tensor<64x569xf64>
      %63 = stablehlo.subtract %56, %62 : tensor<64x569xf64>
      %64 = stablehlo.dot_general %63, %22, contracting_dims = [1] x [0], precision = [HIGHEST, HIGHEST] : (tensor<64x569xf64>, tensor<569x30xf64>) -> tensor<64x30xf64>
      %65 = stablehlo.multiply %64, %18 : tensor<64x30xf64>
      %66 = stablehlo.multiply %65, %17 : tensor<64x30xf64>
      %67 = stablehlo.reduce(%66 init: %43) applies stablehlo.add across dimensions = [1] : (tensor<64x30xf64>, tensor<f64>) -> tensor<64xf64>
      %68 = stablehlo.add %67, %5 : tensor<64xf64>
      %69 = stablehlo.multiply %68, %7 : tensor<64xf64>
      %70 = stablehlo.broadcast_in_dim %23, dims = [] : (tensor<f64>) -> tensor<64xf64>
      %71 = stablehlo.add %70, %69 : tensor<64xf64>
      %72 = stablehlo.add %71, %5 : tensor<64xf64>
      %73 = stablehlo.reshape %72 : (tensor<64xf64>) -> tensor<64x1xf64>
      %74 = stablehlo.broadcast_in_dim %23, dims = [] : (tensor<f64>) -> tensor<30xf64>
      %75 = stablehlo.multiply %65, %52 : tensor<64x30xf64>
      %76 = stablehlo.add %75, %33 : tensor<64x30xf64>
      %77 = stablehlo.multiply %76, %17 : tensor<64x30xf64>
      %78 = stablehlo.broadcast_in_dim %74, dims = [1] : (tensor<30xf64>) -> tensor<64x30xf64>
      %79 = stablehlo.add %78, %77 : tensor<64x30xf64>
      %80 = stablehlo.add %79, %33 : tensor<64x30xf64>
      %81 = stablehlo.multiply %64, %53 : tensor<64x30xf64>
      %82 = stablehlo.subtract %81, %18 : tensor<64x30xf64>
      %83 = stablehlo.concatenate %73, %80, %82, dim = 1 : (tensor<64x1xf64>, tensor<64x30xf64>, tensor<64x30xf64>) -> tensor<64x61xf64>
      %84 = stablehlo.constant dense<1> : tensor<i32>
      %85 = stablehlo.add %28, %84 : tensor<i32>
      stablehlo.return %85, %61, %83 : tensor<i32>, tensor<64xf64>, tensor<64x61xf64>
    }
    return %27#1, %27#2 : tensor<64xf64>, tensor<64x61xf64>
  }
  func.func private @exp_64(%0: tensor<64xf64>) -> tensor<64xf64> {
    %1 = stablehlo.constant dense<-708.3964185322641> : tensor<64xf64>
    %2 = stablehlo.compare LT, %0, %1, FLOAT : (tensor<64xf64>, tensor<64xf64>) -> tensor<64xi1>
    %3 = stablehlo.select %2, %1, %0 : tensor<64xi1>, tensor<64xf64>
    %4 = stablehlo.constant dense<710.0> : tensor<64xf64>
    %5 = stablehlo.compare LT, %4, %3, FLOAT : (tensor<64xf64>, tensor<64xf64>) -> tensor<64xi1>
    %6 = stablehlo.select %5, %4, %3 : tensor<64xi1>, tensor<64xf64>
    %7 = stablehlo.constant dense<1.4426950408889634> : tensor<64xf64>
    %8 = stablehlo.multiply %6, %7 : tensor<64xf64>
    %9 = stablehlo.round_nearest_even %8 : tensor<64xf64>
    %10 = stablehlo.constant dense<0.6931471803691238> : tensor<64xf64>
    %11 = stablehlo.multiply %9, %10 : tensor<64xf64>
    %12 = stablehlo.subtract %6, %11 : tensor<64xf64>
    %13 = stablehlo.constant dense<1.9082149292705877e-10> : tensor<64xf64>
    %14 = stablehlo.multiply %9, %13 : tensor<64xf64>
    %15 = stablehlo.subtract %12, %14 : tensor<64xf64>
    %16 = stablehlo.multiply %15, %15 : tensor<64xf64>
    %17 = stablehlo.constant dense<2.5110049895858716e-8> : tensor<64xf64>
    %18 = stablehlo.multiply %17, %15 : tensor<64xf64>
    %19 = stablehlo.constant dense<2.7620090518499427e-7> : tensor<64xf64>
    %20 = stablehlo.add %18, %19 : tensor<64xf64>
    %21 = stablehlo.multiply %20, %15 : tensor<64xf64>
    %22 = stablehlo.constant dense<0.0000027557242336680357> : tensor<64xf64>
    %23 = stablehlo.add %21, %22 : tensor<64xf64>
    %24 = stablehlo.multiply %23, %15 : tensor<64xf64>
    %25 = stablehlo.constant dense<0.000024801521290973345> : tensor<64xf64>
    %26 = stablehlo.add %24, %25 : tensor<64xf64>
    %27 = stablehlo.multiply %26, %15 : tensor<64xf64>
    %28 = stablehlo.constant dense<0.00019841269886591> : tensor<64xf64>
    %29 = stablehlo.add %27, %28 : tensor<64xf64>
    %30 = stablehlo.multiply %29, %15 : tensor<64xf64>
    %31 = stablehlo.constant dense<0.0013888888917217457> : tensor<64xf64>
    %32 = stablehlo.add %30, %31 : tensor<64xf64>
    %33 = stablehlo.multiply %32, %15 : tensor<64xf64>
    %34 = stablehlo.constant dense<0.008333333333322207> : tensor<64xf64>
    %35 = stablehlo.add %33, %34 : tensor<64xf64>
    %36 = stablehlo.multiply %35, %15 : tensor<64xf64>
    %37 = stablehlo.constant dense<0.04166666666662412> : tensor<64xf64>
    %38 = stablehlo.add %36, %37 : tensor<64xf64>
    %39 = stablehlo.multiply %38, %15 : tensor<64xf64>
    %40 = stablehlo.constant dense<0.16666666666666674> : tensor<64xf64>
    %41 = stablehlo.add %39, %40 : tensor<64xf64>
    %42 = stablehlo.multiply %41, %15 : tensor<64xf64>
    %43 = stablehlo.constant dense<0.5> : tensor<64xf64>
    %44 = stablehlo.add %42, %43 : tensor<64xf64>
    %45 = stablehlo.multiply %16, %44 : tensor<64xf64>
    %46 = stablehlo.add %15, %45 : tensor<64xf64>
    %47 = stablehlo.constant dense<1023.0> : tensor<64xf64>
    %48 = stablehlo.compare LT, %47, %9, FLOAT : (tensor<64xf64>, tensor<64xf64>) -> tensor<64xi1>
    %49 = stablehlo.select %48, %47, %9 : tensor<64xi1>, tensor<64xf64>
    %50 = stablehlo.constant dense<1.0> : tensor<64xf64>
    %51 = stablehlo.add %50, %46 : tensor<64xf64>
    %52 = stablehlo.constant dense<6755399441056767.0> : tensor<64xf64>
    %53 = stablehlo.add %49, %52 : tensor<64xf64>
    %54 = stablehlo.bitcast_convert %53 : (tensor<64xf64>) -> tensor<64xui64>
    %55 = stablehlo.constant dense<52> : tensor<64xui64>
    %56 = stablehlo.shift_left %54, %55 : tensor<64xui64>
    %57 = stablehlo.bitcast_convert %56 : (tensor<64xui64>) -> tensor<64xf64>
    %58 = stablehlo.multiply %51, %57 : tensor<64xf64>
    %59 = stablehlo.compare LT, %49, %9, FLOAT : (tensor<64xf64>, tensor<64xf64>) -> tensor<64xi1>
    %60 = stablehlo.add %58, %58 : tensor<64xf64>
    %61 = stablehlo.select %59, %60, %58 : tensor<64xi1>, tensor<64xf64>
    %62 = stablehlo.compare LT, %0, %1, FLOAT : (tensor<64xf64>, tensor<64xf64>) -> tensor<64xi1>
    %63 = stablehlo.constant dense<0.0> : tensor<64xf64>
    %64 = stablehlo.select %62, %63, %61 : tensor<64xi1>, tensor<64xf64>
    return %64 : tensor<64xf64>
  }
  func.func private @exp_64_30(%0: tensor<64x30xf64>) -> tensor<64x30xf64> {
    %1 = stablehlo.constant dense<-708.3964185322641> : tensor<64x30xf64>
    %2 = stablehlo.compare LT, %0, %1, FLOAT : (tensor<64x30xf64>, tensor<64x30xf64>) -> tensor<64x30xi1>
    %3 = stablehlo.select %2, %1, %0 : tensor<64x30xi1>, tensor<64x30xf64>
    %4 = stablehlo.constant dense<710.0> : tensor<64x30xf64>
    %5 = stablehlo.compare LT, %4, %3, FLOAT : (tensor<64x30xf64>, tensor<64x30xf64>) -> tensor<64x30xi1>
    %6 = stablehlo.select %5, %4, %3 : tensor<64x30xi1>, tensor<64x30xf64>
    %7 = stablehlo.constant dense<1.4426950408889634> : tensor<64x30xf64>
    %8 = stablehlo.multiply %6, %7 : tensor<64x30xf64>
    %9 = stablehlo.round_nearest_even %8 : tensor<64x30xf64>
    %10 = stablehlo.constant dense<0.6931471803691238> : tensor<64x30xf64>
    %11 = stablehlo.multiply %9, %10 : tensor<64x30xf64>
    %12 = stablehlo.subtract %6, %11 : tensor<64x30xf64>
    %13 = stablehlo.constant dense<1.9082149292705877e-10> : tensor<64x30xf64>
    %14 = stablehlo.multiply %9, %13 : tensor<64x30xf64>
    %15 = stablehlo.subtract %12, %14 : tensor<64x30xf64>
    %16 = stablehlo.multiply %15, %15 : tensor<64x30xf64>
    %17 = stablehlo.constant dense<2.5110049895858716e-8> : tensor<64x30xf64>
    %18 = stablehlo.multiply %17, %15 : tensor<64x30xf64>
    %19 = stablehlo.constant dense<2.7620090518499427e-7> : tensor<64x30xf64>
    %20 = stablehlo.add %18, %19 : tensor<64x30xf64>
    %21 = stablehlo.multiply %20, %15 : tensor<64x30xf64>
    %22 = stablehlo.constant dense<0.0000027557242336680357> : tensor<64x30xf64>
    %23 = stablehlo.add %21, %22 : tensor<64x30xf64>
    %24 = stablehlo.multiply %23, %15 : tensor<64x30xf64>
    %25 = stablehlo.constant dense<0.000024801521290973345> : tensor<64x30xf64>
    %26 = stablehlo.add %24, %25 : tensor<64x30xf64>
    %27 = stablehlo.multiply %26, %15 : tensor<64x30xf64>
    %28 = stablehlo.constant dense<0.00019841269886591> : tensor<64x30xf64>
    %29 = stablehlo.add %27, %28 : tensor<64x30xf64>
    %30 = stablehlo.multiply %29, %15 : tensor<64x30xf64>
    %31 = stablehlo.constant dense<0.0013888888917217457> : tensor<64x30xf64>
    %32 = stablehlo.add %30, %31 : tensor<64x30xf64>
    %33 = stablehlo.multiply %32, %15 : tensor<64x30xf64>
    %34 = stablehlo.constant dense<0.008333333333322207> : tensor<64x30xf64>
    %35 = stablehlo.add %33, %34 : tensor<64x30xf64>
    %36 = stablehlo.multiply %35, %15 : tensor<64x30xf64>
    %37 = stablehlo.constant dense<0.04166666666662412> : tensor<64x30xf64>
    %38 = stablehlo.add %36, %37 : tensor<64x30xf64>
    %39 = stablehlo.multiply %38, %15 : tensor<64x30xf64>
    %40 = stablehlo.constant dense<0.16666666666666674> : tensor<64x30xf64>
    %41 = stablehlo.add %39, %40 : tensor<64x30xf64>
    %42 = stablehlo.multiply %41, %15 : tensor<64x30xf64>
    %43 = stablehlo.constant dense<0.5> : tensor<64x30xf64>
    %44 = stablehlo.add %42, %43 : tensor<64x30xf64>
    %45 = stablehlo.multiply %16, %44 : tensor<64x30xf64>
    %46 = stablehlo.add %15, %45 : tensor<64x30xf64>
    %47 = stablehlo.constant dense<1023.0> : tensor<64x30xf64>
    %48 = stablehlo.compare LT, %47, %9, FLOAT : (tensor<64x30xf64>, tensor<64x30xf64>) -> tensor<64x30xi1>
    %49 = stablehlo.select %48, %47, %9 : tensor<64x30xi1>, tensor<64x30xf64>
    %50 = stablehlo.constant dense<1.0> : tensor<64x30xf64>
    %51 = stablehlo.add %50, %46 : tensor<64x30xf64>
    %52 = stablehlo.constant dense<6755399441056767.0> : tensor<64x30xf64>
    %53 = stablehlo.add %49, %52 : tensor<64x30xf64>
    %54 = stablehlo.bitcast_convert %53 : (tensor<64x30xf64>) -> tensor<64x30xui64>
    %55 = stablehlo.constant dense<52> : tensor<64x30xui64>
    %56 = stablehlo.shift_left %54, %55 : tensor<64x30xui64>
    %57 = stablehlo.bitcast_convert %56 : (tensor<64x30xui64>) -> tensor<64x30xf64>
    %58 = stablehlo.multiply %51, %57 : tensor<64x30xf64>
    %59 = stablehlo.compare LT, %49, %9, FLOAT : (tensor<64x30xf64>, tensor<64x30xf64>) -> tensor<64x30xi1>
    %60 = stablehlo.add %58, %58 : tensor<64x30xf64>
    %61 = stablehlo.select %59, %60, %58 : tensor<64x30xi1>, tensor<64x30xf64>
    %62 = stablehlo.compare LT, %0, %1, FLOAT : (tensor<64x30xf64>, tensor<64x30xf64>) -> tensor<64x30xi1>
    %63 = stablehlo.constant dense<0.0> : tensor<64x30xf64>
    %64 = stablehlo.select %62, %63, %61 : tensor<64x30xi1>, tensor<64x30xf64>
    return %64 : tensor<64x30xf64>
  }
  func.func private @softplus_64_569(%0: tensor<64x569xf64>) -> tensor<64x569xf64> {
    %1 = stablehlo.abs %0 : tensor<64x569xf64>
    %2 = stablehlo.negate %1 : tensor<64x569xf64>
    %3 = stablehlo.constant dense<-707.7032713517043> : tensor<64x569xf64>
    %4 = stablehlo.compare LT, %2, %3, FLOAT : (tensor<64x569xf64>, tensor<64x569xf64>) -> tensor<64x569xi1>
    %5 = stablehlo.compare LT, %2, %3, FLOAT : (tensor<64x569xf64>, tensor<64x569xf64>) -> tensor<64x569xi1>
    %6 = stablehlo.select %5, %3, %2 : tensor<64x569xi1>, tensor<64x569xf64>
    %7 = stablehlo.constant dense<1.4426950408889634> : tensor<64x569xf64>
    %8 = stablehlo.multiply %6, %7 : tensor<64x569xf64>
    %9 = stablehlo.round_nearest_even %8 : tensor<64x569xf64>
    %10 = stablehlo.constant dense<6755399441056767.0> : tensor<64x569xf64>
    %11 = stablehlo.add %9, %10 : tensor<64x569xf64>
    %12 = stablehlo.bitcast_convert %11 : (tensor<64x569xf64>) -> tensor<64x569xui64>
    %13 = stablehlo.constant dense<52> : tensor<64x569xui64>
    %14 = stablehlo.shift_left %12, %13 : tensor<64x569xui64>
    %15 = stablehlo.bitcast_convert %14 : (tensor<64x569xui64>) -> tensor<64x569xf64>
    %16 = stablehlo.constant dense<0.6931471803691238> : tensor<64x569xf64>
    %17 = stablehlo.multiply %9, %16 : tensor<64x569xf64>
    %18 = stablehlo.subtract %6, %17 : tensor<64x569xf64>
    %19 = stablehlo.constant dense<1.9082149292705877e-10> : tensor<64x569xf64>
    %20 = stablehlo.multiply %9, %19 : tensor<64x569xf64>
    %21 = stablehlo.subtract %18, %20 : tensor<64x569xf64>
    %22 = stablehlo.constant dense<1.0> : tensor<64x569xf64>
    %23 = stablehlo.multiply %21, %21 : tensor<64x569xf64>
    %24 = stablehlo.constant dense<2.5110049895858716e-8> : tensor<64x569xf64>
    %25 = stablehlo.multiply %24, %21 : tensor<64x569xf64>
    %26 = stablehlo.constant dense<2.7620090518499427e-7> : tensor<64x569xf64>
    %27 = stablehlo.add %25, %26 : tensor<64x569xf64>
    %28 = stablehlo.multiply %27, %21 : tensor<64x569xf64>
    %29 = stablehlo.constant dense<0.0000027557242336680357> : tensor<64x569xf64>
    %30 = stablehlo.add %28, %29 : tensor<64x569xf64>
    %31 = stablehlo.multiply %30, %21 : tensor<64x569xf64>
    %32 = stablehlo.constant dense<0.000024801521290973345> : tensor<64x569xf64>
    %33 = stablehlo.add %31, %32 : tensor<64x569xf64>
    %34 = stablehlo.multiply %33, %21 : tensor<64x569xf64>
    %35 = stablehlo.constant dense<0.00019841269886591> : tensor<64x569xf64>
    %36 = stablehlo.add %34, %35 : tensor<64x569xf64>
    %37 = stablehlo.multiply %36, %21 : tensor<64x569xf64>
    %38 = stablehlo.constant dense<0.0013888888917217457> : tensor<64x569xf64>
    %39 = stablehlo.add %37, %38 : tensor<64x569xf64>
    %40 = stablehlo.multiply %39, %21 : tensor<64x569xf64>
    %41 = stablehlo.constant dense<0.008333333333322207> : tensor<64x569xf64>
    %42 = stablehlo.add %40, %41 : tensor<64x569xf64>
    %43 = stablehlo.multiply %42, %21 : tensor<64x569xf64>
    %44 = stablehlo.constant dense<0.04166666666662412> : tensor<64x569xf64>
    %45 = stablehlo.add %43, %44 : tensor<64x569xf64>
    %46 = stablehlo.multiply %45, %21 : tensor<64x569xf64>
    %47 = stablehlo.constant dense<0.16666666666666674> : tensor<64x569xf64>
    %48 = stablehlo.add %46, %47 : tensor<64x569xf64>
    %49 = stablehlo.multiply %48, %21 : tensor<64x569xf64>
    %50 = stablehlo.constant dense<0.5> : tensor<64x569xf64>
    %51 = stablehlo.add %49, %50 : tensor<64x569xf64>
    %52 = stablehlo.multiply %23, %51 : tensor<64x569xf64>
    %53 = stablehlo.add %21, %52 : tensor<64x569xf64>
    %54 = stablehlo.add %22, %53 : tensor<64x569xf64>
    %55 = stablehlo.multiply %54, %15 : tensor<64x569xf64>
    %56 = stablehlo.constant dense<0.0> : tensor<64x569xf64>
    %57 = stablehlo.select %4, %56, %55 : tensor<64x569xi1>, tensor<64x569xf64>
    %58 = stablehlo.compare LT, %0, %56, FLOAT : (tensor<64x569xf64>, tensor<64x569xf64>) -> tensor<64x569xi1>
    %59 = stablehlo.select %58, %56, %0 : tensor<64x569xi1>, tensor<64x569xf64>
    %60 = stablehlo.constant dense<0.41421356237309515> : tensor<64x569xf64>
    %61 = stablehlo.compare LT, %60, %57, FLOAT : (tensor<64x569xf64>, tensor<64x569xf64>) -> tensor<64x569xi1>
    %62 = stablehlo.subtract %57, %22 : tensor<64x569xf64>
    %63 = stablehlo.multiply %62, %50 : tensor<64x569xf64>
    %64 = stablehlo.select %61, %63, %57 : tensor<64x569xi1>, tensor<64x569xf64>
    %65 = stablehlo.constant dense<2.0> : tensor<64x569xf64>
    %66 = stablehlo.add %64, %65 : tensor<64x569xf64>
    %67 = stablehlo.divide %64, %66 : tensor<64x569xf64>
    %68 = stablehlo.abs %67 : tensor<64x569xf64>
    %69 = stablehlo.constant dense<8.673617379884035e-19> : tensor<64x569xf64>
    %70 = stablehlo.compare LT, %68, %69, FLOAT : (tensor<64x569xf64>, tensor<64x569xf64>) -> tensor<64x569xi1>
    %71 = stablehlo.select %70, %69, %68 : tensor<64x569xi1>, tensor<64x569xf64>
    %72 = stablehlo.multiply %71, %71 : tensor<64x569xf64>
    %73 = stablehlo.constant dense<0.1461787296974592> : tensor<64x569xf64>
    %74 = stablehlo.multiply %73, %72 : tensor<64x569xf64>
    %75 = stablehlo.constant dense<0.15331596954633323> : tensor<64x569xf64>
    %76 = stablehlo.add %74, %75 : tensor<64x569xf64>
    %77 = stablehlo.multiply %76, %72 : tensor<64x569xf64>
    %78 = stablehlo.constant dense<0.18182893217468218> : tensor<64x569xf64>
    %79 = stablehlo.add %77, %78 : tensor<64x569xf64>
    %80 = stablehlo.multiply %79, %72 : tensor<64x569xf64>
    %81 = stablehlo.constant dense<0.22222211072908105> : tensor<64x569xf64>
    %82 = stablehlo.add %80, %81 : tensor<64x569xf64>
    %83 = stablehlo.multiply %82, %72 : tensor<64x569xf64>
    %84 = stablehlo.constant dense<0.28571428626398054> : tensor<64x569xf64>
    %85 = stablehlo.add %83, %84 : tensor<64x569xf64>
    %86 = stablehlo.multiply %85, %72 : tensor<64x569xf64>
    %87 = stablehlo.constant dense<0.3999999999989845> : tensor<64x569xf64>
    %88 = stablehlo.add %86, %87 : tensor<64x569xf64>
    %89 = stablehlo.multiply %88, %72 : tensor<64x569xf64>
    %90 = stablehlo.constant dense<0.666666666666667> : tensor<64x569xf64>
    %91 = stablehlo.add %89, %90 : tensor<64x569xf64>
    %92 = stablehlo.multiply %72, %91 : tensor<64x569xf64>
    %93 = stablehlo.add %65, %92 : tensor<64x569xf64>
    %94 = stablehlo.multiply %67, %93 : tensor<64x569xf64>
    %95 = stablehlo.constant dense<0.6931471805599453> : tensor<64x569xf64>
    %96 = stablehlo.select %61, %95, %56 : tensor<64x569xi1>, tensor<64x569xf64>
    %97 = stablehlo.add %94, %96 : tensor<64x569xf64>
    %98 = stablehlo.add %59, %97 : tensor<64x569xf64>
    return %98 : tensor<64x569xf64>
  }
  func.func private @sigmoid_64_569(%0: tensor<64x569xf64>) -> tensor<64x569xf64> {
    %1 = stablehlo.constant dense<-667.7496770482571> : tensor<64x569xf64>
    %2 = stablehlo.compare LT, %0, %1, FLOAT : (tensor<64x569xf64>, tensor<64x569xf64>) -> tensor<64x569xi1>
    %3 = stablehlo.select %2, %1, %0 : tensor<64x569xi1>, tensor<64x569xf64>
    %4 = stablehlo.constant dense<707.7032713517043> : tensor<64x569xf64>
    %5 = stablehlo.compare LT, %4, %3, FLOAT : (tensor<64x569xf64>, tensor<64x569xf64>) -> tensor<64x569xi1>
    %6 = stablehlo.select %5, %4, %3 : tensor<64x569xi1>, tensor<64x569xf64>
    %7 = stablehlo.constant dense<-1.4426950408889634> : tensor<64x569xf64>
    %8 = stablehlo.multiply %6, %7 : tensor<64x569xf64>
    %9 = stablehlo.round_nearest_even %8 : tensor<64x569xf64>
    %10 = stablehlo.constant dense<6755399441056767.0> : tensor<64x569xf64>
    %11 = stablehlo.add %9, %10 : tensor<64x569xf64>
    %12 = stablehlo.bitcast_convert %11 : (tensor<64x569xf64>) -> tensor<64x569xui64>
    %13 = stablehlo.constant dense<52> : tensor<64x569xui64>
    %14 = stablehlo.shift_left %12, %13 : tensor<64x569xui64>
    %15 = stablehlo.bitcast_convert %14 : (tensor<64x569xui64>) -> tensor<64x569xf64>
    %16 = stablehlo.constant dense<0.6931471803691238> : tensor<64x569xf64>
    %17 = stablehlo.multiply %9, %16 : tensor<64x569xf64>
    %18 = stablehlo.add %6, %17 : tensor<64x569xf64>
    %19 = stablehlo.constant dense<1.9082149292705877e-10> : tensor<64x569xf64>
    %20 = stablehlo.multiply %9, %19 : tensor<64x569xf64>
    %21 = stablehlo.add %18, %20 : tensor<64x569xf64>
    %22 = stablehlo.multiply %21, %21 : tensor<64x569xf64>
    %23 = stablehlo.constant dense<2.0> : tensor<64x569xf64>
    %24 = stablehlo.constant dense<4.1381357817143646e-8> : tensor<64x569xf64>
    %25 = stablehlo.multiply %24, %22 : tensor<64x569xf64>
    %26 = stablehlo.constant dense<-0.0000016533902168835862> : tensor<64x569xf64>
    %27 = stablehlo.add %25, %26 : tensor<64x569xf64>
    %28 = stablehlo.multiply %27, %22 : tensor<64x569xf64>
    %29 = stablehlo.constant dense<0.00006613756321382837> : tensor<64x569xf64>
    %30 = stablehlo.add %28, %29 : tensor<64x569xf64>
    %31 = stablehlo.multiply %30, %22 : tensor<64x569xf64>
    %32 = stablehlo.constant dense<-0.0027777777777015203> : tensor<64x569xf64>
    %33 = stablehlo.add %31, %32 : tensor<64x569xf64>
    %34 = stablehlo.multiply %33, %22 : tensor<64x569xf64>
    %35 = stablehlo.constant dense<0.16666666666666602> : tensor<64x569xf64>
    %36 = stablehlo.add %34, %35 : tensor<64x569xf64>
    %37 = stablehlo.multiply %22, %36 : tensor<64x569xf64>
    %38 = stablehlo.add %23, %37 : tensor<64x569xf64>
    %39 = stablehlo.add %38, %21 : tensor<64x569xf64>
    %40 = stablehlo.subtract %38, %21 : tensor<64x569xf64>
    %41 = stablehlo.multiply %40, %15 : tensor<64x569xf64>
    %42 = stablehlo.add %39, %41 : tensor<64x569xf64>
    %43 = stablehlo.divide %39, %42 : tensor<64x569xf64>
    %44 = stablehlo.compare LT, %0, %1, FLOAT : (tensor<64x569xf64>, tensor<64x569xf64>) -> tensor<64x569xi1>
    %45 = stablehlo.constant dense<0.0> : tensor<64x569xf64>
    %46 = stablehlo.select %44, %45, %43 : tensor<64x569xi1>, tensor<64x569xf64>
    return %46 : tensor<64x569xf64>
  }
}
